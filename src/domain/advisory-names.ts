/** Names that many databases share come before those of one; the order decides which name stands for all. */
const ranks = [/^CVE-\d{4}-\d{4,}$/, /^GHSA(-[0-9a-z]{4}){3}$/, /^[A-Z]{2,}[A-Z0-9]*-/]

/** One spelling for the id of an advisory: upper case, but `GHSA-` with lower case letters behind it, as its home writes it. */
export function spellAdvisory(name: string): string {
  const upper = name.trim().toUpperCase()
  return upper.startsWith('GHSA-') ? `GHSA-${upper.slice('GHSA-'.length).toLowerCase()}` : upper
}

/** The names of one advisory in one spelling, each once, the one that stands for all of them first: CVE, else GHSA, else the rest. */
export function orderAdvisoryNames(names: readonly string[]): string[] {
  const spelled = [...new Set(names.map(spellAdvisory))].filter((name) => name !== '')
  return spelled.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** The ids of CVE and GHSA that stand in a text. */
export function findAdvisoryNames(text: string): string[] {
  const found = text.match(/\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})\b/gi) ?? []
  return [...new Set(found.map(spellAdvisory))]
}

/** Databases that give a problem one name: who tells of two such names tells of two problems. */
const namers = ['CVE-', 'GHSA-']

/**
 * The names, in one spelling and each once, without those by which different problems would become one: a distribution's
 * advisory that gathers several CVEs is none of them.
 */
export function leaveOutGathered(names: readonly string[]): string[] {
  const spelled = [...new Set(names.map(spellAdvisory))]
  const gathering = namers.filter((namer) => spelled.filter((name) => name.startsWith(namer)).length > 1)
  return spelled.filter((name) => !gathering.some((namer) => name.startsWith(namer)))
}

function rank(name: string): number {
  const found = ranks.findIndex((pattern) => pattern.test(name))
  return found === -1 ? ranks.length : found
}
