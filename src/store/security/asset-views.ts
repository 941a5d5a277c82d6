import { sql } from 'kysely'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { AssetRow } from './assets.ts'

/** An asset with its repository and what is open on its default branch. */
export type AssetView = {
  id: string
  key: string
  name: string
  repository: {
    id: string
    full_name: string
    web_url: string
    state: 'here' | 'renamed' | 'forbidden' | 'gone'
  } | null
  default_branch: string
  business_impact: AssetRow['business_impact']
  exposure: AssetRow['exposure']
  data_classes: string[]
  tags: string[]
  open: Record<Severity, number>
  last_import_at: string | null
  archived_at: string | null
}

/** Where a page begins: behind this name in lower case, cut to what a cursor can carry, and this id. */
export type AssetPosition = { name: string; id: string }
export type PlacedAsset = { asset: AssetView; position: AssetPosition }
export type AssetQuery = {
  organizationId: string
  q?: string | undefined
  tags?: readonly string[] | undefined
  /** True: archived ones only; otherwise the living ones. */
  archived?: boolean | undefined
  after: AssetPosition | null
  limit: number
}

type Row = Omit<AssetView, 'repository' | 'open' | 'last_import_at' | 'archived_at'> & {
  repository_id: string | null
  repository_name: string | null
  repository_url: string | null
  repository_state: 'here' | 'renamed' | 'forbidden' | 'gone' | null
  open: Record<string, number>
  last_import_at: Date | null
  archived_at: Date | null
}

/** Assets by name as the API shows them, from behind `after`. */
export async function listAssetViews(db: Db, query: AssetQuery): Promise<PlacedAsset[]> {
  const { organizationId, after } = query
  const pattern = `%${(query.q ?? '')
    .trim()
    .replaceAll('\0', '')
    .replace(/[\\%_]/g, '\\$&')}%`
  return select(
    db,
    sql`a.organization_id = ${organizationId}::uuid
      and a.archived_at is ${query.archived === true ? sql`not null` : sql`null`}
      and (a.name ilike ${pattern} or a.key ilike ${pattern} or r.slug ilike ${pattern})
      and ${query.tags === undefined || query.tags.length === 0 ? sql`true` : sql`a.tags @> ${[...query.tags]}::text[]`}
      and ${after === null ? sql`true` : sql`(left(lower(a.name), 60) collate "C", a.id) > (${after.name}::text, ${after.id}::uuid)`}
      order by left(lower(a.name), 60) collate "C", a.id limit ${query.limit}`,
  )
}

export async function findAssetView(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<AssetView | undefined> {
  const [found] = await select(db, sql`a.organization_id = ${key.organizationId}::uuid and a.id = ${key.id}::uuid`)
  return found?.asset
}

async function select(db: Db, where: ReturnType<typeof sql>): Promise<PlacedAsset[]> {
  const found = await sql<Row & { sort_name: string }>`
    select left(lower(a.name), 60) as sort_name, a.id, a.key, a.name, a.default_branch, a.business_impact, a.exposure, a.data_classes, a.tags, a.archived_at,
      r.id as repository_id, r.workspace_slug || '/' || r.slug as repository_name, r.web_url as repository_url, r.state as repository_state,
      (select max(i.applied_at) from import i where i.organization_id = a.organization_id and i.asset_id = a.id and i.state = 'applied') as last_import_at,
      coalesce((select jsonb_object_agg(severity, count) from (select v.severity, count(*) as count from vulnerability v
        where v.organization_id = a.organization_id and v.asset_id = a.id and v.branch = a.default_branch and v.merged_into is null
          and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation') group by 1) as counted), '{}') as open
    from asset a
    left join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
    where ${where}`.execute(db)
  return found.rows.map(({ sort_name: name, ...row }) => ({ asset: toView(row), position: { name, id: row.id } }))
}

function toView(row: Row): AssetView {
  const { repository_id, repository_name, repository_url, repository_state, open, ...rest } = row
  const repository =
    repository_id === null || repository_state === null
      ? null
      : { id: repository_id, full_name: repository_name ?? '', web_url: repository_url ?? '', state: repository_state }
  return {
    ...rest,
    repository,
    open: toSeverityCounts(open),
    last_import_at: row.last_import_at?.toISOString() ?? null,
    archived_at: row.archived_at?.toISOString() ?? null,
  }
}

/** Counts for every severity, zero where none was counted. */
export function toSeverityCounts(counted: Readonly<Record<string, number>>): AssetView['open'] {
  const [critical, high, medium, low, notification] = severities.map((severity) => counted[severity] ?? 0)
  return {
    critical: critical ?? 0,
    high: high ?? 0,
    medium: medium ?? 0,
    low: low ?? 0,
    notification: notification ?? 0,
  }
}
