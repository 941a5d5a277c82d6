import { hash } from 'node:crypto'

/** Words kept of a text; a line of code has about a dozen, and of longer ones the kept words stand for the rest. */
const mostWords = 12
const charactersPerWord = 3

/**
 * A short text (at most 36 characters) that tells how alike two texts are without keeping them: the smallest hashes of
 * their different words, a bottom-k sketch. null for a text of fewer than two words, which is like too many others.
 */
export function sketchText(text: string): string | null {
  const words = new Set(text.match(/[\p{L}\p{N}_]+/gu))
  if (words.size < 2) return null
  const hashes = Array.from(words, (word) => hash('sha256', word, 'base64url').slice(0, charactersPerWord))
  return [...new Set(hashes)].toSorted().slice(0, mostWords).join('')
}

/** The share of words that two sketched texts have in common, from 0 to 1: the Jaccard index, estimated for long texts. */
export function similarity(one: string | null, other: string | null): number {
  if (one === null || other === null) return 0
  if (one === other) return 1
  const [ours, theirs] = [split(one), split(other)]
  const union = [...new Set([...ours, ...theirs])].toSorted().slice(0, mostWords)
  return union.filter((word) => ours.has(word) && theirs.has(word)).length / union.length
}

function split(sketch: string): Set<string> {
  const words = new Set<string>()
  for (let at = 0; at < sketch.length; at += charactersPerWord) words.add(sketch.slice(at, at + charactersPerWord))
  return words
}
