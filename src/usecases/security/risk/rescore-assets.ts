import { type AssetScore, scoreAsset } from '../../../domain/risk-score/score-asset.ts'
import { scoreOrganization } from '../../../domain/risk-score/score-organization.ts'
import { riskScoreVersion } from '../../../domain/risk-score/weights.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import {
  type AssetToScore,
  listAssetsToScore,
  listOrganizationsToScore,
  listRiskGroups,
  listScoredAssets,
  lockScores,
  type NewAssetScore,
  type RiskGroupRow,
  takeAssetsToScore,
  writeAssetScores,
  writeOrganizationScore,
} from '../../../store/security/asset-scores.ts'
import { announce } from '../../../store/sync/live-events.ts'

type Deps = { db: Db; clock: Clock }

const assetsAtOnce = 200
/** How many vulnerabilities are named as those that weigh most. */
const mostNamed = 10

/**
 * Works out anew the score of every asset that something happened to, and of all of them once a day, since what is late
 * gets later. Safe to run twice and in several processes: one works on an organization at a time.
 */
export async function rescoreAssets(deps: Deps): Promise<void> {
  const staleBefore = new Date(`${toDay(deps.clock())}T00:00:00Z`)
  const version = riskScoreVersion
  for (const organizationId of await listOrganizationsToScore(deps.db, { staleBefore, version })) {
    const due = { organizationId, staleBefore, version }
    let last = await deps.db.transaction().execute((tx) => rescoreBatch(deps, tx, due))
    while (last === assetsAtOnce) last = await deps.db.transaction().execute((tx) => rescoreBatch(deps, tx, due))
  }
}

/** The calendar day of a score, in UTC. */
export function toDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

type Due = { organizationId: string; staleBefore: Date; version: number }

/** Answers how many assets were scored. The organization follows from each batch: a later one may never come. */
async function rescoreBatch(deps: Deps, tx: Db, due: Due): Promise<number> {
  const { organizationId, version } = due
  if (!(await lockScores(tx, organizationId))) return 0
  const ids = await takeAssetsToScore(tx, { ...due, limit: assetsAtOnce })
  if (ids.length === 0) return 0
  const now = deps.clock()
  const day = toDay(now)
  const assets = await listAssetsToScore(tx, { organizationId, ids })
  const groups = await listRiskGroups(tx, { organizationId, assetIds: ids, now, idsEach: mostNamed })
  const byAsset = Map.groupBy(groups, ({ assetId }) => assetId)
  const rows = assets.map((asset) => toScore(asset, byAsset.get(asset.id) ?? []))
  await writeAssetScores(tx, { organizationId, version, now, day }, rows)
  const all = await listScoredAssets(tx, { organizationId, version })
  const { score } = scoreOrganization(all)
  const open = all.reduce((sum, asset) => sum + asset.open, 0)
  await writeOrganizationScore(tx, { organizationId, day, version, score, open })
  await announce(tx, organizationId, [{ kind: 'risk' }])
  return ids.length
}

function toScore(asset: AssetToScore, groups: readonly RiskGroupRow[]): NewAssetScore {
  const open = groups.reduce((sum, { count }) => sum + count, 0)
  if (!asset.isImported) return { asset_id: asset.id, score: null, open, contributions: [], heaviest: [] }
  const named = new Map(groups.map((group, index) => [`${index}`, group]))
  const scored = scoreAsset(
    asset,
    groups.map((group, index) => ({ ...group, id: `${index}` })),
  )
  return {
    asset_id: asset.id,
    score: scored.score,
    open,
    contributions: scored.contributions,
    heaviest: listHeaviest(scored, named),
  }
}

/** Groups come with what one of them weighs most first, so that the first few ids are those. */
function listHeaviest({ groups }: AssetScore, named: ReadonlyMap<string, RiskGroupRow>) {
  return groups
    .flatMap(({ id, pointsEach }) => (named.get(id)?.ids ?? []).map((one) => ({ id: one, points: pointsEach })))
    .slice(0, mostNamed)
}
