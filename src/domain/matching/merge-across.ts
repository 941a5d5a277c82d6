import { commonEnd } from './find-renames.ts'

/** Evidence of a known advisory in a package. */
export type Evidence = {
  scanner: string
  packageKey: string | null
  names: readonly string[]
  path: string | null
}

/** Evidence that is stored, and the vulnerability it belongs to. */
export type KnownEvidence = Evidence & { vulnerabilityId: string }

/**
 * The vulnerability that what a scanner sees for the first time belongs to, because another scanner told of the same
 * advisory in the same version of the same package; undefined for what nobody knows. A scanner that tells of it twice means
 * two places: each goes where the path fits best, and none where that scanner has a say already.
 */
export function mergeAcross(fresh: readonly Evidence[], known: readonly KnownEvidence[]): (string | undefined)[] {
  const byPackage = Map.groupBy(known, ({ packageKey }) => packageKey)
  const said = new Set(known.map(({ vulnerabilityId, scanner }) => `${vulnerabilityId} ${scanner}`))
  return fresh.map((one) => {
    if (one.packageKey === null) return undefined
    const fits = (byPackage.get(one.packageKey) ?? []).filter(
      (other) => shareName(one, other) && !said.has(`${other.vulnerabilityId} ${one.scanner}`),
    )
    const [best] = fits.toSorted((a, b) => fit(one, b) - fit(one, a) || compareIds(a, b))
    if (best !== undefined) said.add(`${best.vulnerabilityId} ${one.scanner}`)
    return best?.vulnerabilityId
  })
}

function shareName({ names }: Evidence, other: Evidence): boolean {
  return other.names.some((name) => names.includes(name))
}

function fit(one: Evidence, other: Evidence): number {
  return one.path === null || other.path === null ? 0 : commonEnd(one.path, other.path)
}

/** Ids grow with time: the oldest vulnerability is the one people know. */
function compareIds(a: KnownEvidence, b: KnownEvidence): number {
  return a.vulnerabilityId < b.vulnerabilityId ? -1 : a.vulnerabilityId > b.vulnerabilityId ? 1 : 0
}
