import { areApart, type KnownEvidence, shareName } from './merge-across.ts'

/** A vulnerability that is one with an older one, and a name that both have. */
export type AliasMerge = { id: string; into: string; name: string }

/**
 * Vulnerabilities of one asset and branch that are one, because their evidence tells of one package in one version, and of
 * one advisory by the names it has (`widenNames`). A scanner that tells twice means two places, unless it names the same
 * file twice. The oldest stays; what a person took apart is left alone. The order of the evidence changes nothing.
 */
export function findAliasMerges(evidence: readonly KnownEvidence[]): AliasMerge[] {
  const groups = Map.groupBy(
    evidence.filter(({ packageKey }) => packageKey !== null),
    ({ packageKey }) => packageKey,
  )
  const gone = new Set<string>()
  return [...groups.values()].flatMap((group) => {
    const merges = mergePackage(group.filter(({ vulnerabilityId }) => !gone.has(vulnerabilityId)))
    for (const { id } of merges) gone.add(id)
    return merges
  })
}

function mergePackage(group: readonly KnownEvidence[]): AliasMerge[] {
  const merges: AliasMerge[] = []
  const kept: { id: string; all: KnownEvidence[] }[] = []
  // Ids grow with time.
  const byAge = [...Map.groupBy(group, ({ vulnerabilityId }) => vulnerabilityId)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  for (const [id, all] of byAge) {
    const home = kept.find((other) => areOne(all, other.all))
    if (home === undefined) {
      kept.push({ id, all: [...all] })
      continue
    }
    merges.push({ id, into: home.id, name: nameBoth(all, home.all) })
    home.all.push(...all)
  }
  return merges
}

function areOne(some: readonly KnownEvidence[], others: readonly KnownEvidence[]): boolean {
  return (
    some.some((one) => others.some((other) => shareName(one, other))) &&
    some.every((one) => others.every((other) => !areApart(one, other) && canBeOne(one, other)))
  )
}

function canBeOne(one: KnownEvidence, other: KnownEvidence): boolean {
  return one.scanner !== other.scanner || (one.path === other.path && shareName(one, other))
}

function nameBoth(some: readonly KnownEvidence[], others: readonly KnownEvidence[]): string {
  const names = new Set(others.flatMap((other) => other.names))
  return some.flatMap((one) => one.names.filter((name) => names.has(name))).toSorted()[0] ?? ''
}
