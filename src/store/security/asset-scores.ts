import { sql } from 'kysely'
import type { BusinessImpact } from '../../domain/business-impact.ts'
import type { AssetTraits } from '../../domain/risk-score/score-asset.ts'
import { surcharges } from '../../domain/risk-score/weights.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Db } from '../db.ts'

const openStatuses = sql`('created', 'identified', 'in_progress', 'awaiting_validation')`

/** Never scored, by another version of the formula, or for the last time before a moment. */
const isStale = ({ staleBefore, version }: { staleBefore: Date; version: number }) =>
  sql`(s.scored_at is null or s.scored_at < ${staleBefore} or s.version <> ${version})`

/** Organizations with something to score: marked or stale. */
export async function listOrganizationsToScore(
  db: Db,
  when: { staleBefore: Date; version: number },
): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select organization_id as id from asset_to_score
    union
    select a.organization_id from asset a
    left join asset_score s on s.organization_id = a.organization_id and s.asset_id = a.id
    where ${isStale(when)}`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** False while another process scores this organization; else nobody else does until the transaction ends. */
export async function lockScores(tx: Db, organizationId: string): Promise<boolean> {
  const key = `weir scores ${organizationId}`
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as mine`.execute(tx)
  return found.rows[0]?.mine === true
}

/** Takes up to `limit` assets to score, their marks with them; what changes after this leaves a new mark. */
export async function takeAssetsToScore(
  tx: Db,
  input: { organizationId: string; staleBefore: Date; version: number; limit: number },
): Promise<string[]> {
  const { organizationId, limit } = input
  const marked = await sql<{ id: string }>`
    delete from asset_to_score where organization_id = ${organizationId}::uuid and asset_id in (
      select distinct asset_id from asset_to_score where organization_id = ${organizationId}::uuid limit ${limit})
    returning asset_id as id`.execute(tx)
  const ids = new Set(marked.rows.map(({ id }) => id))
  if (ids.size >= limit) return [...ids]
  const stale = await sql<{ id: string }>`
    select a.id from asset a
    left join asset_score s on s.organization_id = a.organization_id and s.asset_id = a.id
    where a.organization_id = ${organizationId}::uuid and ${isStale(input)}
    limit ${limit}`.execute(tx)
  for (const { id } of stale.rows) ids.add(id)
  return [...ids]
}

export type AssetToScore = AssetTraits & { id: string; isImported: boolean }

export async function listAssetsToScore(
  tx: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<AssetToScore[]> {
  const found = await sql<AssetToScore>`
    select a.id, a.business_impact as "businessImpact", a.exposure, cardinality(a.data_classes) > 0 as "hasSensitiveData",
      exists (select from import i where i.organization_id = a.organization_id and i.asset_id = a.id
        and i.branch = a.default_branch and i.state = 'applied') as "isImported"
    from asset a where a.organization_id = ${organizationId}::uuid and a.id = any(${[...ids]}::uuid[])`.execute(tx)
  return found.rows
}

/** Open vulnerabilities of a default branch that weigh the same; the steps are those of `surcharges`, by their `from`. */
export type RiskGroupRow = {
  assetId: string
  severity: Severity
  isKnownExploited: boolean
  epssProbability: number | null
  daysPastDue: number | null
  count: number
  /** The oldest of them. */
  ids: string[]
}

/** All of these assets in one statement. */
export async function listRiskGroups(
  tx: Db,
  input: { organizationId: string; assetIds: readonly string[]; now: Date; idsEach: number },
): Promise<RiskGroupRow[]> {
  const { organizationId, assetIds, now, idsEach } = input
  const epss = surcharges.epss.map(
    // As it is stored: 0.01 of four bytes is a little less than of eight.
    ({ from }) => sql`when v.epss_probability >= ${sql.lit(from)}::real then ${sql.lit(from)}::float8`,
  )
  const overdue = surcharges.overdue.map(
    ({ from }) =>
      sql`when v.due_at <= ${now}::timestamptz - ${sql.lit(from)} * interval '24 hours' then ${sql.lit(from)}::int`,
  )
  const found = await sql<RiskGroupRow>`
    select v.asset_id as "assetId", v.severity, v.known_exploited as "isKnownExploited",
      case when v.known_exploited then null ${sql.join(epss, sql` `)} end as "epssProbability",
      case ${sql.join(overdue, sql` `)} end as "daysPastDue",
      count(*) as count, (array_agg(v.id order by v.opened_at, v.id))[1:${sql.lit(idsEach)}] as ids
    from asset a
    join vulnerability v on v.organization_id = a.organization_id and v.asset_id = a.id and v.branch = a.default_branch
    where a.organization_id = ${organizationId}::uuid and a.id = any(${[...assetIds]}::uuid[])
      and v.merged_into is null and v.status in ${openStatuses}
    group by 1, 2, 3, 4, 5`.execute(tx)
  return found.rows
}

export type NewAssetScore = {
  asset_id: string
  score: number | null
  open: number
  contributions: { label: string; points: number }[]
  heaviest: { id: string; points: number }[]
}

/** The scores as they are now, and as the last ones of this day. */
export async function writeAssetScores(
  tx: Db,
  input: { organizationId: string; version: number; now: Date; day: string },
  rows: readonly NewAssetScore[],
): Promise<void> {
  if (rows.length === 0) return
  const { organizationId, version, now, day } = input
  const given = sql`json_to_recordset(${JSON.stringify(rows)}::json)
    as r(asset_id uuid, score float8, open integer, contributions jsonb, heaviest jsonb)`
  await sql`
    insert into asset_score (organization_id, asset_id, version, score, open, contributions, heaviest, scored_at)
    select ${organizationId}::uuid, r.asset_id, ${version}, r.score, r.open, r.contributions, r.heaviest, ${now} from ${given}
    on conflict (organization_id, asset_id) do update set version = excluded.version, score = excluded.score,
      open = excluded.open, contributions = excluded.contributions, heaviest = excluded.heaviest,
      scored_at = excluded.scored_at`.execute(tx)
  await sql`
    insert into asset_score_day (organization_id, asset_id, day, version, score, open)
    select ${organizationId}::uuid, r.asset_id, ${day}::date, ${version}, r.score, r.open from ${given}
    on conflict (organization_id, asset_id, day) do update set version = excluded.version, score = excluded.score,
      open = excluded.open`.execute(tx)
}

export type ScoredAssetRow = AssetTraits & {
  id: string
  key: string
  name: string
  businessImpact: BusinessImpact
  score: number | null
  open: number
  scoredAt: Date | null
}

/** Every living asset with its score; those of another version of the formula count as not scored yet. */
export async function listScoredAssets(
  db: Db,
  { organizationId, version }: { organizationId: string; version: number },
): Promise<ScoredAssetRow[]> {
  const found = await sql<ScoredAssetRow>`
    select a.id, a.key, a.name, a.business_impact as "businessImpact", a.exposure,
      cardinality(a.data_classes) > 0 as "hasSensitiveData", s.score, coalesce(s.open, 0) as open, s.scored_at as "scoredAt"
    from asset a
    left join asset_score s on s.organization_id = a.organization_id and s.asset_id = a.id and s.version = ${version}
    where a.organization_id = ${organizationId}::uuid and a.archived_at is null`.execute(db)
  return found.rows
}

export async function writeOrganizationScore(
  tx: Db,
  row: { organizationId: string; day: string; version: number; score: number | null; open: number },
): Promise<void> {
  const { organizationId, day, ...values } = row
  await tx
    .insertInto('organization_score_day')
    .values({ organization_id: organizationId, day, ...values })
    .onConflict((conflict) => conflict.columns(['organization_id', 'day']).doUpdateSet(values))
    .execute()
}
