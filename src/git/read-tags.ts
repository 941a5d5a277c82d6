import type { MirrorFolder } from './mirror-folder.ts'
import { readLines } from './read-tokens.ts'

/** A tag that stands at a commit. `taggedAt` in whole seconds since 1970: its own date, or its commit's where it has none. */
export type GitTag = { name: string; commitSha: string; taggedAt: number; isAnnotated: boolean }

/** Later than year 9999 the database cannot say. */
const latestSecond = 253_402_300_799
const format =
  '%(objecttype) %(objectname) %(creatordate:unix) %(*objecttype) %(*objectname) %(*committerdate:unix) %(refname:lstrip=2)'

/** Nobody calls a release by more; an index of the database holds names of some 2,700 bytes. */
const longestName = 600

/** Every tag of a commit, annotated and light; those of files, folders or other tags are left out, and names without end. */
export async function* readTags({ mirror }: MirrorFolder): AsyncGenerator<GitTag> {
  for await (const line of readLines({ gitDir: mirror, args: ['for-each-ref', `--format=${format}`, 'refs/tags'] })) {
    const tag = toTag(line)
    if (tag !== undefined) yield tag
  }
}

function toTag(line: string): GitTag | undefined {
  const [kind, sha = '', created, innerKind, innerSha = '', committed, ...name] = line.split(' ')
  // An old tag can be without a tagger, and so without a date of its own.
  const at = Number(created === '' ? committed : created)
  const called = name.join(' ')
  if (!Number.isFinite(at) || called.length > longestName) return undefined
  const tag = { name: called, taggedAt: Math.min(Math.max(at, 0), latestSecond) }
  if (kind === 'commit') return { ...tag, commitSha: sha, isAnnotated: false }
  return kind === 'tag' && innerKind === 'commit' ? { ...tag, commitSha: innerSha, isAnnotated: true } : undefined
}
