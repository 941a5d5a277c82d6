import { orderAdvisoryNames } from '../advisory-names.ts'
import type { AliasSet } from './read-aliases.ts'
import { invalidAt } from './read-lines.ts'

/** More names than all databases together give to one problem. */
const mostNames = 40
/** A problem has one CVE; some got a second by mistake. */
const mostCves = 4

/**
 * Joins sets that share a name, over any number of steps. Each group has two names or more, the one that stands for all
 * first; groups are sorted by it, so that the order of lines does not matter. A line that would make a group of more names
 * than one problem has is refused (`intelligence_invalid`): such a file would make one vulnerability out of many.
 */
export async function groupAliases(sets: AsyncIterable<AliasSet> | Iterable<AliasSet>): Promise<string[][]> {
  const groups = new Map<string, Set<string>>()
  for await (const { line, names } of sets) {
    const joined = new Set(names.flatMap((name) => [name, ...(groups.get(name) ?? [])]))
    checkSize(line, joined)
    for (const name of joined) groups.set(name, joined)
  }
  const named = [...new Set(groups.values())].filter(({ size }) => size > 1)
  return named.map((group) => orderAdvisoryNames([...group])).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

function checkSize(line: number, group: ReadonlySet<string>): void {
  const cves = [...group].filter((name) => name.startsWith('CVE-')).length
  if (group.size <= mostNames && cves <= mostCves) return
  const names = orderAdvisoryNames([...group])
  throw invalidAt(
    line,
    `With it ${names.length} names, ${cves} of them CVEs, would be one advisory (${names.slice(0, 3).join(', ')}, …). One has ${mostNames} names and ${mostCves} CVEs at most: some line joins what is not the same.`,
  )
}
