import { sql } from 'kysely'
import { importCounts, type ReportImport } from '../../../contract/security/imports.ts'
import type { Db } from '../db.ts'
import { type Page, type PageRequest, toPage } from '../page.ts'

const noCounts = { results: 0, new: 0, kept: 0, reopened: 0, closed: 0, suppressed: 0, skipped: 0, sent: 0 }

/** Imports as the API shows them, newest first. */
export async function listImportViews(
  db: Db,
  query: {
    organizationId: string
    assetIds?: readonly string[] | undefined
    states?: readonly ReportImport['state'][] | undefined
    page: PageRequest
  },
): Promise<Page<ReportImport>> {
  let rows = selectViews(db, query.organizationId)
  if (query.assetIds !== undefined && query.assetIds.length > 0)
    rows = rows.where('i.asset_id', 'in', [...query.assetIds])
  if (query.states !== undefined && query.states.length > 0) rows = rows.where('i.state', 'in', [...query.states])
  if (query.page.after !== null) rows = rows.where('i.id', '<', query.page.after)
  const found = await rows
    .orderBy('i.id', 'desc')
    .limit(query.page.limit + 1)
    .execute()
  return toPage(found, query.page.limit, toView)
}

export async function findImportView(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<ReportImport | undefined> {
  const row = await selectViews(db, key.organizationId).where('i.id', '=', key.id).executeTakeFirst()
  return row === undefined ? undefined : toView(row)
}

function selectViews(db: Db, organizationId: string) {
  return db
    .selectFrom('import as i')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'i.organization_id').onRef('a.id', '=', 'i.asset_id'),
    )
    .leftJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'i.organization_id').onRef('m.id', '=', 'i.created_by_member_id'),
    )
    .selectAll('i')
    .select(['a.key as asset_key', 'a.name as asset_name', 'm.name as created_by'])
    .select(
      sql<boolean>`i.state = 'applied' and not exists (select from import n where n.organization_id = i.organization_id
        and n.asset_id = i.asset_id and n.branch = i.branch and n.state = 'applied'
        and (n.applied_at, n.id) > (i.applied_at, i.id))`.as('can_undo'),
    )
    .where('i.organization_id', '=', organizationId)
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof selectViews>['executeTakeFirstOrThrow']>>

function toView(row: ViewRow): ReportImport {
  const counts = importCounts.safeParse(row.counts)
  return {
    id: row.id,
    asset: { id: row.asset_id, key: row.asset_key, name: row.asset_name },
    branch: row.branch,
    commit_hash: row.commit_hash,
    format: row.format,
    tool: row.tool,
    tool_version: row.tool_version,
    state: row.state,
    reason: row.reason,
    error_code: row.error_code,
    counts: counts.success ? counts.data : noCounts,
    unread: Array.isArray(row.unread) ? row.unread.filter((text) => typeof text === 'string') : [],
    file_name: row.file_name,
    file_bytes: row.file_bytes,
    source: row.source,
    created_by: row.created_by,
    can_undo: row.can_undo,
    created_at: row.created_at.toISOString(),
    applied_at: row.applied_at?.toISOString() ?? null,
  }
}
