import { sql } from 'kysely'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { AssetRow } from './assets.ts'
import { type GateAsset, newestImport, openByAge } from './gate.ts'

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
    former_name: string | null
    renamed_at: string | null
  } | null
  default_branch: string
  business_impact: AssetRow['business_impact']
  exposure: AssetRow['exposure']
  data_classes: string[]
  tags: string[]
  open: Record<Severity, number>
  last_import_at: string | null
  archived_at: string | null
  /** 0 to 100; null as long as nothing was imported for the default branch, or nothing was worked out yet. */
  risk_score: number | null
}

export type AssetSort = 'name' | '-risk_score'

/**
 * Where a page begins: behind this value of what is sorted by (of a name in lower case no more than a cursor can carry)
 * and this id.
 */
export type AssetPosition = { value: string; id: string }
export type PlacedAsset = { asset: AssetView; position: AssetPosition; gate: GateAsset }
export type AssetQuery = {
  organizationId: string
  q?: string | undefined
  tags?: readonly string[] | undefined
  /** True: archived ones only; otherwise the living ones. */
  archived?: boolean | undefined
  sort: AssetSort
  after: AssetPosition | null
  limit: number
}

type Row = Omit<AssetView, 'repository' | 'open' | 'last_import_at' | 'archived_at'> & {
  value: string
  repository_id: string | null
  repository_name: string | null
  repository_url: string | null
  repository_state: 'here' | 'renamed' | 'forbidden' | 'gone' | null
  former_name: string | null
  renamed_at: Date | null
  open: GateAsset['open']
  override: unknown
  newest_import_at: Date | null
  last_import_at: Date | null
  archived_at: Date | null
}

/** Unknown is not 0, but below it. */
const orders = {
  name: { key: sql`left(lower(a.name), 60) collate "C"`, type: sql`text`, beyond: sql`>`, direction: sql`asc` },
  '-risk_score': { key: sql`coalesce(s.score, -1)`, type: sql`float8`, beyond: sql`<`, direction: sql`desc` },
} as const

/** Assets as the API shows them, from behind `after`. */
export async function listAssetViews(db: Db, query: AssetQuery): Promise<PlacedAsset[]> {
  const { organizationId, sort, after } = query
  const { key, type, beyond, direction } = orders[sort]
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
      and ${after === null ? sql`true` : sql`(${key}, a.id) ${beyond} (${after.value}::${type}, ${after.id}::uuid)`}
      order by ${key} ${direction}, a.id ${direction} limit ${query.limit}`,
    sort,
  )
}

export async function findAssetView(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<PlacedAsset | undefined> {
  const own = sql`a.organization_id = ${key.organizationId}::uuid and a.id = ${key.id}::uuid`
  return (await select(db, own, 'name'))[0]
}

async function select(db: Db, where: ReturnType<typeof sql>, sort: AssetSort): Promise<PlacedAsset[]> {
  const found = await sql<Row>`
    select (${orders[sort].key})::text as value, a.id, a.key, a.name, a.default_branch, a.business_impact, a.exposure, a.data_classes, a.tags, a.archived_at,
      r.id as repository_id, r.workspace_slug || '/' || r.slug as repository_name, r.web_url as repository_url, r.state as repository_state,
      r.former_name, r.renamed_at,
      (select max(i.applied_at) from import i where i.organization_id = a.organization_id and i.asset_id = a.id and i.state = 'applied') as last_import_at,
      s.score as risk_score, a.gate_override as override, ${newestImport(sql`a.default_branch`)} as newest_import_at, o.open
    from asset a
    left join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
    left join asset_score s on s.organization_id = a.organization_id and s.asset_id = a.id
    cross join lateral (${openByAge}) as o
    where ${where}`.execute(db)
  return found.rows.map(({ value, override, newest_import_at: newestImportAt, ...row }) => ({
    asset: toView(row),
    position: { value, id: row.id },
    gate: { override, newestImportAt, open: row.open },
  }))
}

function toView(row: Omit<Row, 'value' | 'override' | 'newest_import_at'>): AssetView {
  const { repository_id, repository_name, repository_url, repository_state, former_name, renamed_at, open, ...rest } =
    row
  const repository =
    repository_id === null || repository_state === null
      ? null
      : {
          id: repository_id,
          full_name: repository_name ?? '',
          web_url: repository_url ?? '',
          state: repository_state,
          former_name,
          renamed_at: renamed_at?.toISOString() ?? null,
        }
  return {
    ...rest,
    repository,
    open: toSeverityCounts(Object.fromEntries(open.map(({ severity, count }) => [severity, count]))),
    risk_score: row.risk_score === null ? null : Math.round(row.risk_score * 10) / 10,
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
