import {
  byLife,
  byPlace,
  type ExistingFinding,
  type Left,
  type MatchStep,
  type Pair,
  type ReportIdentity,
} from './identities.ts'
import type { LineShift } from './line-shift.ts'

/** More combinations than this are not weighed against each other: then the order alone decides. */
const mostCombinations = 40_000

/**
 * Pairs findings that are equal but for their place. Of more on one side than on the other, those are left over whose going
 * moves the rest the least from where `shift` expects them; nobody overtakes anybody.
 */
export function pairEqual(group: Left, step: MatchStep, shift: LineShift): Pair[] {
  const living = group.existing.filter((known) => known.active).toSorted(byLine)
  const gone = group.existing.filter((known) => !known.active).toSorted(byLife)
  const report = group.report.toSorted(byPlace)
  const still = standStill(living, report, shift)
  const rest = align(still.existing, still.report, shift)
  const taken = new Set([...still.pairs, ...rest].map(([, seen]) => seen))
  const back = inOrder(
    gone,
    report.filter((seen) => !taken.has(seen)),
  )
  return [...still.pairs, ...rest, ...back].map(([known, seen]) => ({ known, seen, step }))
}

/** Those that are found at the very line they are expected at; of several there, each takes the one most like itself. */
function standStill(
  living: readonly ExistingFinding[],
  report: readonly ReportIdentity[],
  shift: LineShift,
): Left & { pairs: Matched } {
  const pairs: Matched = []
  let left: Left = { existing: [...living], report: [...report] }
  for (const more of likenesses) {
    const free = Map.groupBy(left.existing, (known) => {
      const line = known.line === null ? null : shift(known.path, known.line)
      return `${line} ${more(known)}`
    })
    for (const seen of left.report) {
      const known = free.get(`${seen.line} ${more(seen)}`)?.shift()
      if (known !== undefined) pairs.push([known, seen])
    }
    const taken = new Set<ExistingFinding | ReportIdentity>(pairs.flat())
    left = {
      existing: left.existing.filter((one) => !taken.has(one)),
      report: left.report.filter((one) => !taken.has(one)),
    }
  }
  return { pairs, ...left }
}

/** From all the same to only at the same place. */
const likenesses: readonly ((one: ExistingFinding | ReportIdentity) => string)[] = [
  (one) => `${one.contentKey} ${one.bodyHash}`,
  (one) => one.contentKey,
  () => '',
]

function byLine(a: ExistingFinding, b: ExistingFinding): number {
  return (a.line ?? 0) - (b.line ?? 0) || byLife(a, b)
}

type Matched = [ExistingFinding, ReportIdentity][]

/** As many pairs as the shorter side has, in order, with the least moving in sum. */
function align(known: readonly ExistingFinding[], seen: readonly ReportIdentity[], shift: LineShift): Matched {
  if (known.length === seen.length || known.length * seen.length > mostCombinations) return inOrder(known, seen)
  const [rows, columns] = [known.length, seen.length]
  const expected = known.map(({ path, line }) => (line === null ? null : shift(path, line)))
  const moved = (row: number, column: number): number => {
    const [from, to] = [expected[row], seen[column]?.line]
    return from === null || from === undefined || to === null || to === undefined ? 0 : Math.abs(to - from)
  }
  const best = weigh({ rows, columns, moved })
  return trace({ rows, columns, best }).flatMap(([row, column]): Matched => {
    const [one, other] = [known[row], seen[column]]
    return one === undefined || other === undefined ? [] : [[one, other]]
  })
}

function inOrder(known: readonly ExistingFinding[], seen: readonly ReportIdentity[]): Matched {
  return seen.flatMap((one, index): Matched => {
    const other = known[index]
    return other === undefined ? [] : [[other, one]]
  })
}

type Size = { rows: number; columns: number }
type Weights = Size & { moved: (row: number, column: number) => number }

/**
 * `best[row][column]`: the least sum of moves that pairs the shorter side of the first `row` and `column` ones whole, where
 * the longer side may leave some out. Infinite where the shorter side would not come out even.
 */
function weigh({ rows, columns, moved }: Weights): Float64Array[] {
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY))
  const at = (row: number, column: number): number => best[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      const isEdge = rows <= columns ? row === 0 : column === 0
      const paired = row > 0 && column > 0 ? at(row - 1, column - 1) + moved(row - 1, column - 1) : Infinity
      const left =
        rows <= columns ? (column > 0 ? at(row, column - 1) : Infinity) : row > 0 ? at(row - 1, column) : Infinity
      const line = best[row]
      if (line !== undefined) line[column] = isEdge ? 0 : Math.min(paired, left)
    }
  return best
}

/** Of equal sums the one that leaves out the last, as `inOrder` would. */
function trace({ rows, columns, best }: Size & { best: readonly Float64Array[] }): [number, number][] {
  const pairs: [number, number][] = []
  let [row, column] = [rows, columns]
  while (row > 0 && column > 0) {
    const here = best[row]?.[column] ?? 0
    const skipped = rows <= columns ? best[row]?.[column - 1] : best[row - 1]?.[column]
    if (skipped !== undefined && skipped === here) {
      if (rows <= columns) column -= 1
      else row -= 1
      continue
    }
    pairs.push([row - 1, column - 1])
    row -= 1
    column -= 1
  }
  return pairs.toReversed()
}
