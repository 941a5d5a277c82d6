import { type Candidate, Chains } from './chains.ts'
import {
  byLife,
  byPlace,
  compare,
  type ExistingFinding,
  type Identity,
  type Left,
  type ReportIdentity,
} from './identities.ts'

/** Equal findings of more combinations are generated code; there their order alone decides. */
const mostCandidates = 250_000

type Key = (one: Identity) => string | null
type Aligned = [ExistingFinding, ReportIdentity][]

/**
 * Findings of one file that are the same by `key`, told apart by their place among the others: the chain of them, in the
 * order of lines on both sides, that needs the fewest and smallest edits between them. What breaks the order is left out.
 */
export function alignFile(group: Left, key: Key): Aligned {
  const rows = group.existing
    .filter((known) => known.active && known.line !== null)
    .toSorted((a, b) => byLine(a, b, key) || byLife(a, b))
  const columns = group.report
    .filter((seen) => seen.line !== null)
    .toSorted((a, b) => byLine(a, b, key) || byPlace(a, b))
  const start = countAlike(rows, columns, { key, shift: 0 })
  const [rest, others] = [rows.slice(start).toReversed(), columns.slice(start).toReversed()]
  const end = countAlike(rest, others, { key, shift: rest.length === others.length ? lastShift(rest, others) : 0 })
  return [
    ...zip(rows.slice(0, start), columns.slice(0, start)),
    ...alignMiddle(rest.slice(end).toReversed(), others.slice(end).toReversed(), key),
    ...zip(rest.slice(0, end), others.slice(0, end)),
  ]
}

/** What stands on one line has no order of its own: both sides get the same one. */
function byLine(a: Identity, b: Identity, key: Key): number {
  return (a.line ?? 0) - (b.line ?? 0) || compare(key(a) ?? '', key(b) ?? '')
}

/** From the beginning: how many are the same and moved so far. Most files of most scans are alike from end to end. */
function countAlike(
  rows: readonly ExistingFinding[],
  columns: readonly ReportIdentity[],
  { key, shift }: { key: Key; shift: number },
): number {
  const differs = rows.findIndex((row, index) => {
    const column = columns[index]
    return column === undefined || key(row) === null || key(row) !== key(column) || moved(row, column) !== shift
  })
  return differs === -1 ? rows.length : differs
}

function lastShift([known]: readonly ExistingFinding[], [seen]: readonly ReportIdentity[]): number {
  return known === undefined || seen === undefined ? 0 : moved(known, seen)
}

function zip(rows: readonly ExistingFinding[], columns: readonly ReportIdentity[]): Aligned {
  return rows.flatMap((row, index): Aligned => {
    const column = columns[index]
    return column === undefined ? [] : [[row, column]]
  })
}

function moved(known: ExistingFinding, seen: ReportIdentity): number {
  return (seen.line ?? 0) - (known.line ?? 0)
}

function alignMiddle(rows: readonly ExistingFinding[], columns: readonly ReportIdentity[], key: Key): Aligned {
  const candidates = listCandidates(rows, columns, key)
  if (candidates.length === 0 || candidates.length > mostCandidates) return []
  const chains = new Chains()
  for (const row of Map.groupBy(candidates, (one) => one.row).values()) chains.addRow(row)
  return chains.best().map(({ known, seen }) => [known, seen])
}

/** By rows, then columns: what may stand before another one in a chain stands before it in the list. */
function listCandidates(
  rows: readonly ExistingFinding[],
  columns: readonly ReportIdentity[],
  key: Key,
): readonly Candidate[] {
  const byKey = Map.groupBy(
    columns.map((seen, column) => ({ seen, column })),
    ({ seen }) => key(seen),
  )
  return rows.flatMap((known, row) => {
    const own = key(known)
    const equal = own === null ? [] : (byKey.get(own) ?? [])
    return equal.map(({ seen, column }) => ({ known, seen, row, column, shift: moved(known, seen) }))
  })
}
