import type { BusinessImpact } from '../business-impact.ts'
import { assetWeights, riskScoreVersion } from './weights.ts'

/** `score` is null as long as nothing was imported for the asset's default branch: nobody knows, which is not 0. */
export type ScoredAsset = { id: string; businessImpact: BusinessImpact; score: number | null }

/** `points` add up to the score, the most telling asset first. `unscored` assets were left out. */
export type OrganizationScore = {
  version: typeof riskScoreVersion
  score: number | null
  assets: { id: string; points: number }[]
  unscored: number
}

/** The risk score of an organization: the mean of its assets, weighted by business impact; null without a scored asset. */
export function scoreOrganization(assets: readonly ScoredAsset[]): OrganizationScore {
  const known = assets.flatMap(({ id, businessImpact, score }) =>
    score === null ? [] : [{ id, score, weight: assetWeights[businessImpact] }],
  )
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  const shares = known.map(({ id, score, weight }) => ({ id, points: (score * weight) / total }))
  return {
    version: riskScoreVersion,
    score:
      known.length === 0
        ? null
        : Math.min(
            100,
            shares.reduce((sum, { points }) => sum + points, 0),
          ),
    assets: shares.toSorted((a, b) => b.points - a.points || (a.id < b.id ? -1 : 1)),
    unscored: assets.length - known.length,
  }
}
