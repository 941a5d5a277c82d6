import { digest } from '../domain/finding-identity.ts'
import { type Severity, severities } from '../domain/severity.ts'
import type { Place } from './scanner.ts'

/**
 * Entries of a report that tell of one problem: several commits with one secret, several addresses of one weak page. Filled
 * while the report is learned; when its results are read, each problem is a finding once, with the ways to it.
 */
export type Problems = Map<string, Problem>

type Problem = { main: string; rank: number; place: Place | null; count: number; others: Place[] | null }

const maxOthers = 20

type Entry = {
  /** What makes entries one problem. */
  key: readonly string[]
  /** Tells this entry from all others: where it stands in the file. */
  id: string
  severity: Severity
  place: Place | null
}

/** The entry that is rated worst stands for all, and of equal ones the first. */
export function addEntry(problems: Problems, { key, id, severity, place }: Entry): void {
  const name = digest(key)
  const rank = severities.indexOf(severity)
  const known = problems.get(name)
  if (known === undefined) {
    problems.set(name, { main: id, rank, place, count: 1, others: null })
    return
  }
  known.count += 1
  const isWorse = rank < known.rank
  const other = isWorse ? known.place : place
  if (other !== null && (known.others?.length ?? 0) < maxOthers) (known.others ??= []).push(other)
  if (isWorse) Object.assign(known, { main: id, rank, place })
}

/** How many entries there are of a problem and where the further ones are, for the entry that stands for all; null for others. */
export function findMain(
  problems: Problems,
  { key, id }: Pick<Entry, 'key' | 'id'>,
): { count: number; others: Place[] } | null {
  const known = problems.get(digest(key))
  // Of an entry nobody learned of there is this one.
  if (known === undefined) return { count: 1, others: [] }
  return known.main === id ? { count: known.count, others: known.others ?? [] } : null
}
