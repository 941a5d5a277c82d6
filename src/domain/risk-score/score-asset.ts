import type { BusinessImpact } from '../business-impact.ts'
import { type Severity, severities } from '../severity.ts'
import { riskScoreVersion, severityWeights, surcharges } from './weights.ts'

export type AssetTraits = {
  businessImpact: BusinessImpact
  exposure: 'internal' | 'internet'
  hasSensitiveData: boolean
}

/** Open vulnerabilities of the default branch that weigh the same, or a single one. */
export type RiskyGroup = {
  id: string
  severity: Severity
  /** How many; default 1. */
  count?: number
  /** In a catalogue of what is known to be exploited (CISA KEV). */
  isKnownExploited: boolean
  /** 0 to 1; null where EPSS knows nothing of it. */
  epssProbability: number | null
  /** 0 or less where the deadline is still to come; null without a deadline. */
  daysPastDue: number | null
}

/** Points of the score, and what they come from. */
export type Contribution = { label: string; points: number }

/**
 * Points are not rounded and add up to the score, by label as by group. Groups are sorted by what one of them weighs, the
 * most telling first.
 */
export type AssetScore = {
  version: typeof riskScoreVersion
  score: number
  contributions: Contribution[]
  groups: { id: string; count: number; pointsEach: number; points: number; contributions: Contribution[] }[]
}

const severityLabels: Record<Severity, string> = {
  critical: 'Critical vulnerabilities',
  high: 'High vulnerabilities',
  medium: 'Medium vulnerabilities',
  low: 'Low vulnerabilities',
  notification: 'Notifications',
}

/** The risk score of an asset, 0 (nothing open) to 100, by version 1 of the formula (docs/risk-score.md). */
export function scoreAsset(asset: AssetTraits, open: readonly RiskyGroup[]): AssetScore {
  const weighed = open.map((group) => {
    const { id, severity, count = 1 } = group
    return { id, severity, count, parts: weigh(group, asset, count) }
  })
  const { score, scales } = fill(Map.groupBy(weighed, ({ severity }) => severity))
  const groups = weighed.map(({ id, severity, count, parts }) => {
    const contributions = parts.map(({ label, points }) => ({ label, points: points * scales[severity] }))
    const points = sum(contributions)
    return { id, count, pointsEach: count === 0 ? 0 : points / count, points, contributions }
  })
  return {
    version: riskScoreVersion,
    score,
    contributions: sumByLabel(groups.flatMap(({ contributions }) => contributions)),
    groups: groups.toSorted((a, b) => b.pointsEach - a.pointsEach || (a.id < b.id ? -1 : 1)),
  }
}

/**
 * From the least severity up: what lesser ones amount to is added to the weight of the next, and the more there is, the
 * less each adds, up to the ceiling. `scales` say how much of its weight counts in the end.
 */
function fill(weighed: ReadonlyMap<Severity, readonly { parts: readonly Contribution[] }[]>) {
  const scales: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, notification: 0 }
  let amount = 0
  for (const [index, severity] of [...severities.entries()].toReversed()) {
    const { ceiling } = severityWeights[severity]
    const inflow = amount + sum((weighed.get(severity) ?? []).flatMap(({ parts }) => parts))
    if (inflow === 0) continue
    amount = Math.min(ceiling, ceiling * -Math.expm1(-inflow / ceiling))
    scales[severity] = 1
    for (const scaled of severities.slice(index)) scales[scaled] *= amount / inflow
  }
  return { score: amount, scales }
}

/** What a group weighs before anything is filled: its severity, and what makes it worse. */
function weigh(one: RiskyGroup, asset: AssetTraits, count: number): Contribution[] {
  const weight = severityWeights[one.severity].weight * count
  const shares = [
    { label: severityLabels[one.severity], share: 1 },
    exploitation(one),
    { label: 'Internet-facing', share: asset.exposure === 'internet' ? surcharges.internet : 0 },
    { label: 'Sensitive data', share: asset.hasSensitiveData ? surcharges.sensitiveData : 0 },
    { label: 'Business impact', share: surcharges.businessImpact[asset.businessImpact] },
    { label: 'Past the deadline', share: shareFrom(surcharges.overdue, one.daysPastDue) },
  ]
  return shares.flatMap(({ label, share }) => (share === 0 ? [] : [{ label, points: weight * share }]))
}

function exploitation({ isKnownExploited, epssProbability }: RiskyGroup): { label: string; share: number } {
  if (isKnownExploited) return { label: 'Known to be exploited', share: surcharges.knownExploited }
  return { label: 'Likely to be exploited', share: shareFrom(surcharges.epss, epssProbability) }
}

function shareFrom(steps: readonly { from: number; share: number }[], value: number | null): number {
  return value === null ? 0 : (steps.find(({ from }) => value >= from)?.share ?? 0)
}

function sumByLabel(contributions: readonly Contribution[]): Contribution[] {
  const groups = [...Map.groupBy(contributions, ({ label }) => label)]
  return groups.map(([label, group]) => ({ label, points: sum(group) })).toSorted((a, b) => b.points - a.points)
}

function sum(contributions: readonly Contribution[]): number {
  return contributions.reduce((total, { points }) => total + points, 0)
}
