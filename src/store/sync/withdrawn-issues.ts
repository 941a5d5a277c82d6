import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Key = { organizationId: string; connectionId: string }

const from = 'bitbucket-issues'
const to = 'bitbucket-discussions'

/** Notes that the host of a connection has withdrawn its issue tracker. Answers false when that is known. */
export async function noteIssuesGone(tx: Db, key: Key & { now: Date }): Promise<boolean> {
  const done = await tx
    .updateTable('connection')
    .set({ issues_gone_at: key.now, has_issues: false, updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .where((where) => where.or([where('issues_gone_at', 'is', null), where('has_issues', '=', true)]))
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Live items of a connection in the tracker that is withdrawn, at most `limit`, by id. */
export async function listIssueDefects(
  tx: Db,
  key: Key & { limit: number },
): Promise<{ id: string; vulnerabilityId: string }[]> {
  const rows = await tx
    .selectFrom('defect')
    .select(['id', 'vulnerability_id'])
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('tracker', '=', from)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .limit(key.limit)
    .execute()
  return rows.map((row) => ({ id: row.id, vulnerabilityId: row.vulnerability_id }))
}

/** Leads the routes of a connection's assets, and the default one, to discussions. Answers how many. */
export async function moveIssueRoutes(tx: Db, key: Key & { now: Date }): Promise<number> {
  const moved = await sql`
    update route t set tracker = ${to}, settings = '{}', updated_at = ${key.now}
    where t.organization_id = ${key.organizationId}::uuid and t.tracker = ${from}
      and (t.asset_id is null or exists (
        select from asset a join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
        where a.organization_id = t.organization_id and a.id = t.asset_id
          and r.connection_id = ${key.connectionId}::uuid))`.execute(tx)
  return Number(moved.numAffectedRows ?? 0n)
}

/** Ends items with a reason, and gives up what is still to be said to them but messages. */
export async function endIssueDefects(
  tx: Db,
  input: { organizationId: string; ids: readonly string[]; reason: string; now: Date },
): Promise<void> {
  const { organizationId, ids, reason, now } = input
  await sql`
    update defect set link = 'ended', link_reason = ${reason}, ended_at = ${now}, updated_at = ${now}
    where organization_id = ${organizationId}::uuid and id = any(${[...ids]}::uuid[])`.execute(tx)
  await sql`
    update operation set state = 'cancelled', error_code = null, error = ${reason}, next_attempt_at = null, finished_at = ${now}
    where organization_id = ${organizationId}::uuid and defect_id = any(${[...ids]}::uuid[])
      and state in ('queued', 'waiting', 'failed') and kind <> 'create_comment'`.execute(tx)
}

/** Messages that the old items never got go to the new ones, behind their making. */
export async function moveUnsentMessages(
  tx: Db,
  input: { organizationId: string; pairs: readonly { from: string; to: string }[]; now: Date },
): Promise<void> {
  const { organizationId, pairs, now } = input
  const behind = new Date(now.getTime() + 1)
  await sql`
    update message_link l set defect_id = p."to", state = 'queued', error = null, updated_at = ${now}
    from json_to_recordset(${JSON.stringify(pairs)}::json) as p("from" uuid, "to" uuid)
    where l.organization_id = ${organizationId}::uuid and l.defect_id = p."from" and l.remote_comment_id is null
      and l.state in ('queued', 'failed')`.execute(tx)
  await sql`
    update operation o set defect_id = p."to", state = 'queued', error_code = null, error = null, attempts = 0,
      next_attempt_at = ${now}, finished_at = null, created_at = ${behind}
    from json_to_recordset(${JSON.stringify(pairs)}::json) as p("from" uuid, "to" uuid)
    where o.organization_id = ${organizationId}::uuid and o.defect_id = p."from" and o.kind = 'create_comment'
      and o.state in ('queued', 'waiting', 'failed')`.execute(tx)
}
