import { leaveOutGathered, spellAdvisory } from '../domain/advisory-names.ts'

/** What of `others` are names of the same advisory as `id`. */
export function aliasesOf(id: string, others: readonly unknown[]): string[] {
  const own = spellAdvisory(id)
  const names = others.flatMap((other) => (typeof other === 'string' ? [other] : []))
  return leaveOutGathered([...names, own]).filter((name) => name !== own)
}
