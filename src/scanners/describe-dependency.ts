import type { PackageRef } from '../domain/package-identity.ts'

export type Dependency = {
  package: PackageRef
  /** The versions that have the problem, in the scanner's words. */
  affected?: string | undefined
  fixedIn?: string | null | undefined
  /** How the package comes in, `a > b > c`; `count` where there are more than these. */
  ways?: readonly string[]
  count?: number
  /** Whole sentences to be said beside. */
  notes?: readonly string[]
}

/** What there is to say of a vulnerable dependency, in sentences. */
export function describeDependency({
  package: ref,
  affected,
  fixedIn,
  ways = [],
  count = 0,
  notes = [],
}: Dependency): string {
  const name = ref.version === null ? ref.name : `${ref.name} ${ref.version}`
  const range = affected === undefined ? '' : ` (affected: ${affected})`
  const more = count > ways.length ? ` and ${count - ways.length} more` : ''
  return [
    `${name} is vulnerable${range}.`,
    fixedIn === undefined || fixedIn === null ? '' : `Fixed in ${fixedIn}.`,
    ways.length === 0 ? '' : `Comes in by ${ways.join('; ')}${more}.`,
    ...notes,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}
