import { commonEnd } from './find-renames.ts'

/** Evidence of a known advisory in a package. */
export type Evidence = {
  scanner: string
  packageKey: string | null
  names: readonly string[]
  path: string | null
}

/** Evidence that is stored, and the vulnerability it belongs to. */
export type KnownEvidence = Evidence & {
  vulnerabilityId: string
  active: boolean
  /** Groups of vulnerabilities that a person took apart, of this one and of those that were merged into it. */
  apartGroups: readonly string[]
}

/**
 * The vulnerability that what a scanner sees for the first time belongs to, because another scanner told of the same
 * advisory in the same version of the same package; undefined for what nobody knows. A scanner that tells of it twice means
 * two places: each goes where the path fits best, and none where that scanner has a say already. Where a person took
 * vulnerabilities apart, it goes to the one that holds evidence of its own scanner, gone or not: a split stays split.
 */
export function mergeAcross(fresh: readonly Evidence[], known: readonly KnownEvidence[]): (string | undefined)[] {
  const byPackage = Map.groupBy(known, ({ packageKey }) => packageKey)
  const said = new Set(
    known.filter(({ active }) => active).map(({ vulnerabilityId, scanner }) => `${vulnerabilityId} ${scanner}`),
  )
  return fresh.map((one) => {
    if (one.packageKey === null) return undefined
    const sameAdvisory = (byPackage.get(one.packageKey) ?? []).filter((other) => shareName(one, other))
    const home = best(one, listHomes(one, sameAdvisory))
    if (home !== undefined) return home
    const free = sameAdvisory.filter((other) => !said.has(`${other.vulnerabilityId} ${one.scanner}`))
    const found = best(one, free)
    if (found !== undefined) said.add(`${found} ${one.scanner}`)
    return found
  })
}

/** Whether a person took the two apart: then nothing but a person puts them together. */
export function areApart(a: Pick<KnownEvidence, 'apartGroups'>, b: Pick<KnownEvidence, 'apartGroups'>): boolean {
  return a.apartGroups.some((group) => b.apartGroups.includes(group))
}

/** Evidence of the same scanner, in a vulnerability that was taken apart from another one of the same advisory. */
function listHomes(one: Evidence, sameAdvisory: readonly KnownEvidence[]): KnownEvidence[] {
  return sameAdvisory.filter(
    (own) =>
      own.scanner === one.scanner &&
      sameAdvisory.some((other) => other.vulnerabilityId !== own.vulnerabilityId && areApart(own, other)),
  )
}

function best(one: Evidence, fits: readonly KnownEvidence[]): string | undefined {
  const [found] = fits.toSorted((a, b) => fit(one, b) - fit(one, a) || compareIds(a, b))
  return found?.vulnerabilityId
}

/** Whether both tell of one advisory by a name they share. */
export function shareName({ names }: Pick<Evidence, 'names'>, other: Pick<Evidence, 'names'>): boolean {
  return other.names.some((name) => names.includes(name))
}

function fit(one: Evidence, other: Evidence): number {
  return one.path === null || other.path === null ? 0 : commonEnd(one.path, other.path)
}

/** Ids grow with time: the oldest vulnerability is the one people know. */
function compareIds(a: KnownEvidence, b: KnownEvidence): number {
  return a.vulnerabilityId < b.vulnerabilityId ? -1 : a.vulnerabilityId > b.vulnerabilityId ? 1 : 0
}
