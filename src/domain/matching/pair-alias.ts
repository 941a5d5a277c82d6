import { byLife, byPlace, type ExistingFinding, type Left, type Pair } from './identities.ts'

/**
 * Advisories of one package that go by another name now: a database learned the CVE of what it called GHSA before. Both
 * names have to stand on one side.
 */
export function pairAlias(group: Left): Pair[] {
  const free = group.existing.filter((known) => known.names.length > 0).toSorted(byLife)
  const pairs: Pair[] = []
  for (const seen of group.report.toSorted(byPlace)) {
    const names = new Set(seen.names)
    const at = free.findIndex((known) => known.names.some((name) => names.has(name)))
    const known: ExistingFinding | undefined = free[at]
    if (known === undefined) continue
    free.splice(at, 1)
    pairs.push({ known, seen, step: 'alias' })
  }
  return pairs
}
