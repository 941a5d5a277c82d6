import type * as z from 'zod'
import type { getAssetRisk as assetRoute, getRisk as route } from '../../../../contract/security/risk.ts'
import { countFunnel } from '../../../domain/risk-score/count-funnel.ts'
import { roundPoints } from '../../../domain/risk-score/round-points.ts'
import { scoreOrganization } from '../../../domain/risk-score/score-organization.ts'
import { riskScoreVersion } from '../../../domain/risk-score/weights.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { listScoredAssets, type ScoredAssetRow } from '../../../store/security/asset-scores.ts'
import { findAsset } from '../../../store/security/assets.ts'
import {
  findAssetScore,
  isToScore,
  listAssetDays,
  listNamedVulnerabilities,
  listOrganizationDays,
  type ScoreDay,
} from '../../../store/security/score-views.ts'

type AssetRisk = z.output<NonNullable<(typeof assetRoute)['response']>>
type Risk = z.output<NonNullable<(typeof route)['response']>>
type Deps = { db: Db; clock: Clock }

const mostAssets = 20
const trendDays = 90
const dayMs = 24 * 3600_000
const version = riskScoreVersion

/** The score of an asset with all it comes from, as it was worked out last. Throws `not_found`. */
export async function getAssetRisk(deps: Deps, input: { organizationId: string; id: string }): Promise<AssetRisk> {
  const { organizationId, id: assetId } = input
  const asset = await findAsset(deps.db, input)
  if (asset === undefined) throw new AppError('not_found', 'There is no such asset here.')
  const [found, outdated, days] = await Promise.all([
    findAssetScore(deps.db, { organizationId, assetId }),
    isToScore(deps.db, { organizationId, assetId }),
    listAssetDays(deps.db, { organizationId, assetId, version, from: toTrendStart(deps.clock()) }),
  ])
  const score = found?.version === version ? found : undefined
  const heaviest = score?.heaviest ?? []
  const named = await listNamedVulnerabilities(deps.db, { organizationId, ids: heaviest.map(({ id }) => id) })
  const byId = new Map(named.map((one) => [one.id, one]))
  const rounded = roundPoints((score?.contributions ?? []).map(({ points }) => points))
  return {
    version,
    score: score === undefined ? null : toTenth(score.score),
    scored_at: score?.scoredAt.toISOString() ?? null,
    outdated: outdated || score === undefined,
    branch: asset.default_branch,
    open: score?.open ?? 0,
    contributions: (score?.contributions ?? []).map(({ label }, index) => ({ label, points: rounded[index] ?? 0 })),
    heaviest: heaviest.flatMap(({ id, points }) => {
      const one = byId.get(id)
      return one === undefined ? [] : [{ ...one, points: toTenth(points) ?? 0 }]
    }),
    trend: toTrend(days),
  }
}

/** The score of the organization with the shares of its assets, its course, and the funnel. */
export async function getRisk(deps: Deps, { organizationId }: { organizationId: string }): Promise<Risk> {
  const [assets, outdated, days] = await Promise.all([
    listScoredAssets(deps.db, { organizationId, version }),
    isToScore(deps.db, { organizationId }),
    listOrganizationDays(deps.db, { organizationId, version, from: toTrendStart(deps.clock()) }),
  ])
  const whole = scoreOrganization(assets)
  const funnel = countFunnel(assets)
  const times = assets.flatMap(({ scoredAt }) => (scoredAt === null ? [] : [scoredAt.getTime()]))
  return {
    version,
    score: toTenth(whole.score),
    scored_at: times.length === 0 ? null : new Date(Math.max(...times)).toISOString(),
    outdated: outdated || times.length < assets.length,
    ...toShares(whole.assets, assets),
    unscored: whole.unscored,
    funnel: {
      open: funnel.open,
      high_impact: funnel.highImpact,
      internet_facing: funnel.internetFacing,
      sensitive_data: funnel.sensitiveData,
    },
    trend: toTrend(days),
  }
}

function toShares(
  shares: readonly { id: string; points: number }[],
  assets: readonly ScoredAssetRow[],
): Pick<Risk, 'assets' | 'others'> {
  const byId = new Map(assets.map((asset) => [asset.id, asset]))
  const shown = shares.slice(0, mostAssets)
  const rest = shares.slice(mostAssets)
  const restPoints = rest.reduce((sum, { points }) => sum + points, 0)
  const rounded = roundPoints([...shown.map(({ points }) => points), restPoints])
  return {
    assets: shown.flatMap(({ id }, index) => {
      const asset = byId.get(id)
      if (asset === undefined) return []
      const { key, name, businessImpact, score } = asset
      const points = rounded[index] ?? 0
      return [{ id, key, name, business_impact: businessImpact, score: toTenth(score) ?? 0, points }]
    }),
    others: { assets: rest.length, points: rounded.at(-1) ?? 0 },
  }
}

function toTrend(days: readonly ScoreDay[]) {
  return days.map(({ day, score, open }) => ({ day, score: toTenth(score), open }))
}

function toTrendStart(now: Date): string {
  return new Date(now.getTime() - (trendDays - 1) * dayMs).toISOString().slice(0, 10)
}

function toTenth(points: number | null): number | null {
  return points === null ? null : Math.round(points * 10) / 10
}
