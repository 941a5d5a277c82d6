import { type Selectable, sql } from 'kysely'
import type { FindingKind } from '../../domain/finding-kind.ts'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { CommitReportTable } from '../schema.gen.ts'
import { withAttempt } from './attempt-log.ts'
import { latestNextAttempt } from './due.ts'

export type CommitReportRow = Selectable<CommitReportTable>
type Key = { organizationId: string; id: string }

export type NewCommitReport = Key & {
  assetId: string
  branch: string
  importId: string
  commitHash: string | null
  pullRequestId: string | null
  now: Date
}

/** Wishes that the commit of this import be told about, instead of an earlier one of its branch. Answers the row's id. */
export async function queueCommitReport(tx: Db, wish: NewCommitReport): Promise<string> {
  const told = {
    import_id: wish.importId,
    commit_hash: wish.commitHash,
    pull_request_id: wish.pullRequestId,
    state: 'queued' as const,
    attempts: 0,
    next_attempt_at: wish.now,
    error_code: null,
    error: null,
    queued_at: wish.now,
    updated_at: wish.now,
  }
  const place = { asset_id: wish.assetId, branch: wish.branch }
  const row = await tx
    .insertInto('commit_report')
    .values({ organization_id: wish.organizationId, id: wish.id, ...place, ...told })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'asset_id', 'branch'])
        .doUpdateSet((set) => ({ ...told, version: set('commit_report.version', '+', 1) })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function findCommitReport(db: Db, key: Key): Promise<CommitReportRow | undefined> {
  return db
    .selectFrom('commit_report')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/**
 * Wishes that what was told of the branches of these vulnerabilities be told again at `at`; branches nothing was told of are
 * left out. Answers the rows' ids.
 */
export async function retellCommitReports(
  tx: Db,
  wish: { organizationId: string; vulnerabilityIds: readonly string[]; at: Date },
): Promise<string[]> {
  const { organizationId, vulnerabilityIds, at } = wish
  // Locked in one order, so that two changes of many cannot wait for each other.
  const found = await sql<{ id: string }>`
    with told as (
      select r.id from commit_report r where r.organization_id = ${organizationId}::uuid
        and (r.asset_id, r.branch) in (select v.asset_id, v.branch from vulnerability v
          where v.organization_id = ${organizationId}::uuid and v.id = any(${[...vulnerabilityIds]}::uuid[]))
      order by r.id for update)
    update commit_report r set state = 'queued', version = r.version + 1, attempts = 0, next_attempt_at = ${at},
      error_code = null, error = null, queued_at = ${at}, updated_at = ${at}
    from told where r.organization_id = ${organizationId}::uuid and r.id = told.id
    returning r.id`.execute(tx)
  return found.rows.map((row) => row.id)
}

/** Counts one attempt before anything is sent. */
export async function claimCommitReport(db: Db, key: Key): Promise<CommitReportRow | undefined> {
  return db
    .updateTable('commit_report')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst()
}

/** Remembers before it is sent that this commit carries our report. */
export async function noteReported(db: Db, key: Key & { hash: string }): Promise<void> {
  await db
    .updateTable('commit_report')
    .set({ reported_hash: key.hash })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

type Change =
  | { state: 'done'; error: string | null }
  | { state: 'failed'; code: string; error: string }
  | { state: 'queued'; code: string; error: string; nextAttemptAt: Date }

/** Writes how an attempt ended, unless another import has come since. */
export async function settleCommitReport(
  tx: Db,
  key: Key & { version: number; now: Date },
  change: Change,
): Promise<void> {
  await tx
    .updateTable('commit_report')
    .set({
      state: change.state,
      error: change.error,
      error_code: change.state === 'done' ? null : change.code,
      ...(change.state !== 'done' && {
        attempt_log: withAttempt({ at: key.now.toISOString(), code: change.code, sentence: change.error }),
      }),
      next_attempt_at: change.state === 'queued' ? change.nextAttemptAt : null,
      updated_at: key.now,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('version', '=', key.version)
    .execute()
}

/** Reports that have been due since `before`: what a sweep wakes. It crosses organizations, carrying each one's id along. */
export async function listDueCommitReports(
  db: Db,
  input: { before: Date; now: Date; limit: number },
): Promise<{ organizationId: string; commitReportId: string }[]> {
  const rows = await db
    .selectFrom('commit_report')
    .select(['organization_id', 'id'])
    .where('state', '=', 'queued')
    .where((where) =>
      where.or([
        where('next_attempt_at', '<=', input.before),
        where('next_attempt_at', '>', latestNextAttempt(input.now)),
      ]),
    )
    .orderBy('next_attempt_at')
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, commitReportId: row.id }))
}

type Branch = { organizationId: string; assetId: string; branch: string }
const severityList = sql`array[${sql.join(severities.map((severity) => sql.lit(severity)))}]::text[]`
const isOpen = sql`merged_into is null and status in ('created', 'identified', 'in_progress', 'awaiting_validation')`

/** How many are open on a branch, by severity. */
export async function countOpenOfBranch(db: Db, place: Branch): Promise<Record<Severity, number>> {
  const found = await sql<{ severity: Severity; count: number }>`
    select severity, count(*)::int as count from vulnerability
    where organization_id = ${place.organizationId}::uuid and asset_id = ${place.assetId}::uuid
      and branch = ${place.branch} and ${isOpen}
    group by severity`.execute(db)
  const counts = { critical: 0, high: 0, medium: 0, low: 0, notification: 0 }
  for (const { severity, count } of found.rows) counts[severity] = count
  return counts
}

export type OpenOfBranch = {
  id: string
  number: number
  title: string
  severity: Severity
  kind: FindingKind
  path: string | null
  line: number | null
}

/** The worst `limit` that are open on a branch, worst first. */
export async function listOpenOfBranch(db: Db, place: Branch & { limit: number }): Promise<OpenOfBranch[]> {
  const found = await sql<OpenOfBranch>`
    select id, number, title, severity, kind, path, line from vulnerability
    where organization_id = ${place.organizationId}::uuid and asset_id = ${place.assetId}::uuid
      and branch = ${place.branch} and ${isOpen}
    order by array_position(${severityList}, severity), number limit ${place.limit}`.execute(db)
  return found.rows
}

/** What the scans read at these vulnerabilities, by their ids; of several findings all of it. */
export async function listSnippets(
  db: Db,
  { organizationId, vulnerabilityIds }: { organizationId: string; vulnerabilityIds: readonly string[] },
): Promise<Map<string, string>> {
  const found = await sql<{ id: string; text: string }>`
    select vulnerability_id as id, string_agg(snippet, E'\n') as text from finding
    where organization_id = ${organizationId}::uuid and vulnerability_id = any(${[...vulnerabilityIds]}::uuid[])
      and snippet is not null
    group by vulnerability_id`.execute(db)
  return new Map(found.rows.map(({ id, text }) => [id, text]))
}

/** What decides where the vulnerabilities of an asset's branch go, as far as the asset knows it; undefined without a repository. */
export async function findTellingFacts(db: Db, key: { organizationId: string; assetId: string }) {
  return db
    .selectFrom('asset')
    .innerJoin('repository', (join) =>
      join
        .onRef('repository.organization_id', '=', 'asset.organization_id')
        .onRef('repository.id', '=', 'asset.repository_id'),
    )
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'repository.organization_id')
        .onRef('connection.id', '=', 'repository.connection_id'),
    )
    .select([
      'asset.id as asset_id',
      'repository.remote_uuid',
      'repository.workspace_uuid',
      'repository.connection_id',
      'repository.has_issues',
      'connection.has_issues as host_has_issues',
      'connection.state as connection_state',
    ])
    .where('asset.organization_id', '=', key.organizationId)
    .where('asset.id', '=', key.assetId)
    .executeTakeFirst()
}

/** Items of a branch's vulnerabilities that were not given up. */
export async function countThreadsOfBranch(db: Db, place: Branch): Promise<number> {
  const row = await db
    .selectFrom('defect')
    .innerJoin('vulnerability', (join) =>
      join
        .onRef('vulnerability.organization_id', '=', 'defect.organization_id')
        .onRef('vulnerability.id', '=', 'defect.vulnerability_id'),
    )
    .select(({ fn }) => fn.countAll<number>().as('threads'))
    .where('vulnerability.organization_id', '=', place.organizationId)
    .where('vulnerability.asset_id', '=', place.assetId)
    .where('vulnerability.branch', '=', place.branch)
    .where('defect.ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.threads
}
