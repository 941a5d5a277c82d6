import { alignFile } from './align-file.ts'
import type { Rename } from './find-moved-trees.ts'
import { commonEnd, findRenames, type Surroundings } from './find-renames.ts'
import { decisionOf, type ExistingFinding, groupLeft, type Left, type Pair, without } from './identities.ts'
import { type LineShift, learnShift } from './line-shift.ts'
import { pairEqual } from './pair-equal.ts'
import { pairNearest } from './pair-nearest.ts'

/** Findings whose whole file goes by another name now: the same text first, then text that was edited besides. */
export function pairInRenamedFiles(left: Left, around: Surroundings): Pair[] {
  return findRenames(left, around).flatMap((rename) => pairInRenamedFile(inFiles(left, rename)))
}

function inFiles({ existing, report }: Left, { from, to }: Rename): Left {
  return {
    existing: existing.filter(({ active, path }) => active && path === from),
    report: report.filter(({ path }) => path === to),
  }
}

function pairInRenamedFile(all: Left): Pair[] {
  const pairs: Pair[] = []
  let left = all
  const take = (found: readonly Pair[]): void => {
    pairs.push(...found.map((pair) => ({ ...pair, step: 'renamed' as const })))
    left = without(left, found)
  }
  for (const group of groupLeft(left, () => '')) {
    const aligned = alignFile(group, ({ movedKey }) => movedKey)
    take(aligned.map(([known, seen]) => ({ known, seen, step: 'renamed' })))
  }
  const shift = learnShift(pairs)
  for (const group of groupLeft(left, ({ movedKey }) => movedKey)) take(pairEqual(group, 'renamed', shift))
  for (const group of groupLeft(left, ({ ruleId, names }) => (names.length > 0 ? null : ruleId)))
    take(pairNearest(group, shift))
  return pairs
}

/**
 * Findings that moved to another file while theirs stayed. Only telling text can be known so, and only where it stands in
 * no third place; a file is taken for the other when each is the only best fit by the end of their paths. Of what is gone
 * only that is looked for which people decided about: their decision holds where it comes back.
 */
export function pairMovedAlone(group: Left, common: ReadonlySet<string>, shift: LineShift): Pair[] {
  const key = group.report[0]?.movedKey ?? ''
  if (!key.startsWith('a') || common.has(key)) return []
  const living = pairMoved(
    group,
    group.existing.filter(({ active }) => active),
    shift,
  )
  const left = without(group, living)
  const decided = left.existing.filter(({ active, status }) => !active && decisionOf(status) !== undefined)
  return [...living, ...pairMoved(left, decided, shift)]
}

function pairMoved(group: Left, existing: readonly ExistingFinding[], shift: LineShift): Pair[] {
  const before = Map.groupBy(existing, ({ path }) => path ?? '')
  const now = Map.groupBy(group.report, ({ path }) => path ?? '')
  return findMoves([...before.keys()], [...now.keys()]).flatMap(({ from, to }) =>
    pairEqual({ existing: before.get(from) ?? [], report: now.get(to) ?? [] }, 'renamed', shift),
  )
}

/** Pairs of paths that are each other's only best fit. */
function findMoves(before: readonly string[], now: readonly string[]): Rename[] {
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
