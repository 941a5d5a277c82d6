import type { Identity, Left, Pair } from './identities.ts'
import type { LineShift } from './line-shift.ts'
import { pairEqual } from './pair-equal.ts'

/** Files that hold findings: of the last scan, and of this one. A file on one side only came or went. */
export type Files = { before: ReadonlySet<string>; now: ReadonlySet<string> }

/** What went from one file, and what came in another. */
type Move = { from: string; to: string; group: Left }

/**
 * Findings that are the same but for their file. A file is taken for another one's new name when each is the best fit of the
 * other: by the folders and name their paths end with, or because there is no other. What is not telling enough to be known
 * anywhere moves only together with its file: the old one is gone and the new one was not there.
 */
export function pairRenamed(group: Left, files: Files, shift: LineShift): Pair[] {
  const living = { existing: group.existing.filter((known) => known.active), report: group.report }
  const [before, now] = [byPath(living.existing), byPath(living.report)]
  const movesAlone = living.existing[0]?.movedKey?.startsWith('a') === true
  return findMoves([...before.keys()], [...now.keys()])
    .filter(({ from, to }) => movesAlone || (!files.now.has(from) && !files.before.has(to)))
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
