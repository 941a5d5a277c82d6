import type { Identity, Left, Pair } from './identities.ts'
import type { LineShift } from './line-shift.ts'
import { pairEqual } from './pair-equal.ts'

/** What else is known of both scans when files are looked for under other names. */
export type Surroundings = {
  /** Files that hold findings, of the last scan and of this one. A file on one side only came or went. */
  before: ReadonlySet<string>
  now: ReadonlySet<string>
  /** Moved keys of what was recognised already: text that stands in several files tells nothing about any of them. */
  common: ReadonlySet<string>
}

/** What went from one file, and what came in another. */
type Move = { from: string; to: string; group: Left }

/**
 * Findings that are the same but for their file. A file is taken for another one's new name when each is the best fit of the
 * other: by the folders and name their paths end with, or because there is no other. What is not telling enough to be known
 * anywhere, or stands elsewhere too, moves only together with its file: the old one is gone and the new one was not there.
 */
export function pairRenamed(group: Left, around: Surroundings, shift: LineShift): Pair[] {
  const living = { existing: group.existing.filter((known) => known.active), report: group.report }
  const [before, now] = [byPath(living.existing), byPath(living.report)]
  const key = group.report[0]?.movedKey ?? ''
  const isTelling = key.startsWith('a')
  const movesAlone = isTelling && !around.common.has(key)
  const movesWithFile = (from: string, to: string): boolean =>
    !around.now.has(from) && !around.before.has(to) && (!isTelling || commonEnd(from, to) > 0)
  return findMoves([...before.keys()], [...now.keys()])
    .filter(({ from, to }) => movesAlone || movesWithFile(from, to))
    .map(({ from, to }): Move => ({ from, to, group: { existing: before.get(from) ?? [], report: now.get(to) ?? [] } }))
    .flatMap((move) => pairEqual(move.group, 'renamed', shift))
}

/** Pairs of paths that are each other's only best fit. */
function findMoves(before: readonly string[], now: readonly string[]): { from: string; to: string }[] {
  if (before.length === 1 && now.length === 1) return before.flatMap((from) => now.map((to) => ({ from, to })))
  return before.flatMap((from) => {
    const to = bestFit(from, now)
    return to !== undefined && bestFit(to, before) === from ? [{ from, to }] : []
  })
}

/** The path with the longest common end; undefined when there are two of them, or none. */
function bestFit(path: string, others: readonly string[]): string | undefined {
  const fits = others.map((other) => ({ other, steps: commonEnd(path, other) })).toSorted((a, b) => b.steps - a.steps)
  const [best, second] = fits
  return best === undefined || best.steps === 0 || best.steps === second?.steps ? undefined : best.other
}

/** How many steps two paths have in common, counted from the file name. */
export function commonEnd(one: string, other: string): number {
  const [ours, theirs] = [one.split('/').toReversed(), other.split('/').toReversed()]
  const differs = ours.findIndex((step, index) => step !== theirs[index])
  return differs === -1 ? ours.length : differs
}

function byPath<One extends Identity>(findings: readonly One[]): Map<string, One[]> {
  return Map.groupBy(findings, ({ path }) => path ?? '')
}
