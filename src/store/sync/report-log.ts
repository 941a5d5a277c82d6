import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { LogFilter } from './deliveries.ts'

type Key = { organizationId: string; id: string }

/** Reports on commits as lines of the log of deliveries, newest first. They are about no single vulnerability. */
export async function listReportLines(db: Db, filter: LogFilter & { id?: string }) {
  const { before, states, connectionIds } = filter
  return db
    .selectFrom('commit_report')
    .innerJoin('asset', (join) =>
      join
        .onRef('asset.organization_id', '=', 'commit_report.organization_id')
        .onRef('asset.id', '=', 'commit_report.asset_id'),
    )
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
      'commit_report.id',
      'commit_report.state',
      'commit_report.attempts',
      'commit_report.error_code',
      'commit_report.error',
      'commit_report.next_attempt_at',
      'commit_report.queued_at as at',
      'commit_report.updated_at',
      'commit_report.branch',
      'commit_report.commit_hash',
      'commit_report.pull_request_id',
      'commit_report.attempt_log',
      'asset.name as asset_name',
      'connection.id as connection_id',
      'connection.name as connection_name',
    ])
    .where('commit_report.organization_id', '=', filter.organizationId)
    .$if(filter.id !== undefined, (query) => query.where('commit_report.id', '=', filter.id ?? ''))
    .$if(states !== undefined, (query) =>
      query.where(sql<boolean>`commit_report.state = any(${[...(states ?? [])]}::text[])`),
    )
    .$if(connectionIds !== undefined, (query) =>
      query.where(sql<boolean>`connection.id = any(${[...(connectionIds ?? [])]}::uuid[])`),
    )
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(commit_report.queued_at, commit_report.id) < (${before?.at ?? ''}::timestamptz, ${before?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy('commit_report.queued_at', 'desc')
    .orderBy('commit_report.id', 'desc')
    .limit(filter.limit)
    .execute()
}

export type ReportLine = Awaited<ReturnType<typeof listReportLines>>[number]

/** Queues reports that failed, or wait, from their start; at most `limit`. Answers the ids. */
export async function reviveReports(
  tx: Db,
  input: {
    organizationId: string
    now: Date
    limit: number
    /** One of them, or those that failed with an error on a connection. */
    which: { id: string } | { connectionId: string; code: string }
  },
): Promise<string[]> {
  const { organizationId, now, which } = input
  const condition =
    'id' in which
      ? sql`r.id = ${which.id}::uuid and r.state in ('queued', 'failed')`
      : sql`r.state = 'failed' and coalesce(r.error_code, 'internal') = ${which.code} and exists (
          select from asset a join repository p on p.organization_id = a.organization_id and p.id = a.repository_id
          where a.organization_id = r.organization_id and a.id = r.asset_id and p.connection_id = ${which.connectionId}::uuid)`
  // Its day begins again: after one from the first wish it would be given up at the first refusal.
  const revived = await sql<{ id: string }>`
    update commit_report set state = 'queued', next_attempt_at = ${now}, queued_at = ${now}, attempts = 0,
      error_code = null, error = null, updated_at = ${now}
    where organization_id = ${organizationId}::uuid and id in (
      select r.id from commit_report r where r.organization_id = ${organizationId}::uuid and ${condition}
      order by r.id limit ${input.limit} for update skip locked)
    returning id`.execute(tx)
  return revived.rows.map(({ id }) => id)
}

/** Gives a failed report up. Answers false when it is not failed any more. */
export async function skipReport(tx: Db, key: Key & { now: Date }, note: string): Promise<boolean> {
  const done = await tx
    .updateTable('commit_report')
    .set({ state: 'cancelled', error_code: null, error: note, next_attempt_at: null, updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', '=', 'failed')
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
