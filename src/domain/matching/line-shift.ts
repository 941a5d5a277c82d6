import { compare, type Pair } from './identities.ts'

/** Tells, for a file and a line of the last scan, at which line that code stands now. */
export type LineShift = (path: string | null, line: number) => number

type Anchor = { from: number; by: number }

/**
 * How far code moved in each file, learned from findings that were recognised for sure: what was inserted or removed above
 * one moved the next ones as far. A file nothing is known of stands still.
 */
export function learnShift(pairs: readonly Pair[]): LineShift {
  const anchors = new Map<string, Anchor[]>()
  for (const { known, seen } of pairs) {
    if (known.line === null || seen.line === null || known.path === null) continue
    const anchor = { from: known.line, by: seen.line - known.line }
    const file = anchors.get(known.path)
    if (file === undefined) anchors.set(known.path, [anchor])
    else file.push(anchor)
  }
  for (const file of anchors.values()) file.sort((a, b) => a.from - b.from || a.by - b.by)
  return (path, line) => line + (path === null ? 0 : shiftAt(anchors.get(path) ?? [], line))
}

/** The shift of the nearest finding; of two as near the smaller one, for code stands still more often than not. */
function shiftAt(file: readonly Anchor[], line: number): number {
  let [low, high] = [0, file.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((file[middle]?.from ?? 0) < line) low = middle + 1
    else high = middle
  }
  const near = [file[low - 1], file[low]].filter((anchor) => anchor !== undefined)
  const [best] = near.toSorted(
    (a, b) =>
      Math.abs(a.from - line) - Math.abs(b.from - line) ||
      Math.abs(a.by) - Math.abs(b.by) ||
      compare(String(a.by), String(b.by)),
  )
  return best?.by ?? 0
}
