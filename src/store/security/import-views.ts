import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { type Page, type PageRequest, toPage } from '../page.ts'
import type { ProgressView } from './import-progress.ts'
import { type ImportCounts, type ImportState, parseCounts } from './imports.ts'

/** An import with the asset's names, and whether it can be taken back. */
export type ImportView = {
  id: string
  asset: { id: string; key: string; name: string }
  branch: string
  target_branch: string | null
  pull_request_id: string | null
  commit_hash: string | null
  format: string | null
  tool: string | null
  tool_version: string | null
  scope: 'full' | 'partial'
  state: ImportState
  /** While it runs, or is being applied. */
  progress: ProgressView | null
  reason: string | null
  /** It waits for a decision, and the guard has something against it. */
  doubtful: boolean
  error_code: string | null
  counts: ImportCounts
  unread: string[]
  file_name: string
  file_bytes: number
  /** The report can be downloaded. */
  has_file: boolean
  /** null while it waits for a decision, which is as long as it is kept then. */
  file_kept_until: string | null
  source: 'browser' | 'cli' | 'api'
  created_by: string | null
  can_undo: boolean
  created_at: string
  applied_at: string | null
}

/** Imports as the API shows them, newest first. */
export async function listImportViews(
  db: Db,
  query: {
    organizationId: string
    assetIds?: readonly string[] | undefined
    states?: readonly ImportState[] | undefined
    page: PageRequest
  },
): Promise<Page<ImportView>> {
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
): Promise<ImportView | undefined> {
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
    .leftJoin('import_progress as p', (join) =>
      join
        .onRef('p.organization_id', '=', 'i.organization_id')
        .onRef('p.import_id', '=', 'i.id')
        .on('i.state', 'in', ['running', 'previewed', 'held']),
    )
    .selectAll('i')
    .select(['p.stage', 'p.bytes_read', 'p.bytes_total', 'p.findings_read'])
    .select(['a.key as asset_key', 'a.name as asset_name', 'm.name as created_by'])
    .select(
      sql<boolean>`i.state = 'applied' and not exists (select from import n where n.organization_id = i.organization_id
        and n.asset_id = i.asset_id and n.branch = i.branch and n.state = 'applied'
        and (n.applied_at, n.id) > (i.applied_at, i.id))`.as('can_undo'),
    )
    .where('i.organization_id', '=', organizationId)
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof selectViews>['executeTakeFirstOrThrow']>>

function toView(row: ViewRow): ImportView {
  return {
    id: row.id,
    asset: { id: row.asset_id, key: row.asset_key, name: row.asset_name },
    branch: row.branch,
    target_branch: row.target_branch,
    pull_request_id: row.pull_request_id,
    commit_hash: row.commit_hash,
    format: row.format,
    tool: row.tool,
    tool_version: row.tool_version,
    scope: row.scope,
    state: row.state,
    progress: toProgress(row),
    reason: row.reason,
    doubtful: row.error_code === 'import_held' && (row.state === 'previewed' || row.state === 'held'),
    error_code: row.error_code,
    counts: parseCounts(row.counts),
    unread: Array.isArray(row.unread) ? row.unread.filter((text) => typeof text === 'string') : [],
    file_name: row.file_name,
    file_bytes: row.file_bytes,
    has_file: row.state === 'previewed' || row.state === 'held' || row.file_kept_until !== null,
    file_kept_until: row.file_kept_until?.toISOString() ?? null,
    source: row.source,
    created_by: row.created_by,
    can_undo: row.can_undo,
    created_at: row.created_at.toISOString(),
    applied_at: row.applied_at?.toISOString() ?? null,
  }
}

function toProgress({ stage, bytes_read, bytes_total, findings_read }: ViewRow): ProgressView | null {
  return stage === null ? null : { stage, bytes_read: bytes_read ?? 0, bytes_total, findings_read: findings_read ?? 0 }
}
