import { spellAdvisory } from '../domain/advisory-names.ts'

const databases = ['CVE-', 'GHSA-']

/**
 * What of `others` are names of the same advisory as `id`. A distribution's advisory that gathers several CVEs is none of
 * them: by such names different problems would become one.
 */
export function aliasesOf(id: string, others: readonly unknown[]): string[] {
  const own = spellAdvisory(id)
  const names = new Set(others.flatMap((other) => (typeof other === 'string' ? [spellAdvisory(other)] : [])))
  names.add(own)
  for (const database of databases) {
    const same = [...names].filter((name) => name.startsWith(database))
    if (same.length > 1) for (const name of same) names.delete(name)
  }
  names.delete(own)
  return [...names]
}
