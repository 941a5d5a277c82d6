import { sql } from 'kysely'
import type { Db } from '../db.ts'

export type FailureGroup = { direction: 'in' | 'out'; connectionId: string; code: string }
type Key = { organizationId: string }

type GroupRow = {
  direction: 'in' | 'out'
  connection_id: string
  connection_name: string
  error_code: string
  error: string
  count: number
  oldest_at: Date
}

/** What failed for good, by way, connection and error; the most first. */
export async function listFailureGroups(db: Db, { organizationId }: Key): Promise<GroupRow[]> {
  const found = await sql<GroupRow>`
    select f.direction, f.connection_id, c.name as connection_name, f.error_code, f.error, f.count, f.oldest_at
    from (
      select 'out' as direction, connection_id, coalesce(error_code, 'internal') as error_code,
        coalesce(max(error), '') as error, count(*)::integer as count, min(coalesce(finished_at, created_at)) as oldest_at
      from (
        select connection_id, error_code, error, finished_at, created_at
        from operation where organization_id = ${organizationId}::uuid and state = 'failed'
        union all
        select p.connection_id, r.error_code, r.error, r.updated_at, r.queued_at
        from commit_report r
        join asset a on a.organization_id = r.organization_id and a.id = r.asset_id
        join repository p on p.organization_id = a.organization_id and p.id = a.repository_id
        where r.organization_id = ${organizationId}::uuid and r.state = 'failed'
      ) as sent group by 2, 3
      union all
      select 'in', connection_id, coalesce(error_code, 'internal'),
        coalesce(max(error), ''), count(*)::integer, min(coalesce(processed_at, received_at))
      from delivery where organization_id = ${organizationId}::uuid and state = 'failed' group by 2, 3
    ) as f
    join connection c on c.organization_id = ${organizationId}::uuid and c.id = f.connection_id
    order by f.count desc, f.direction, f.connection_id, f.error_code
    limit 100`.execute(db)
  return found.rows
}

type RevivedOperation = { id: string; defectId: string; vulnerabilityId: string }

/** Puts failed operations of a group back to their start, at most `limit`, with the messages they carry. */
export async function reviveOperations(
  tx: Db,
  input: Key & Pick<FailureGroup, 'connectionId' | 'code'> & { now: Date; limit: number },
): Promise<RevivedOperation[]> {
  const { organizationId, connectionId, code, now, limit } = input
  const revived = await sql<RevivedOperation>`
    update operation set state = 'queued', next_attempt_at = ${now}, error_code = null, error = null, finished_at = null
    where organization_id = ${organizationId}::uuid and id in (
      select id from operation where organization_id = ${organizationId}::uuid and connection_id = ${connectionId}::uuid
        and state = 'failed' and coalesce(error_code, 'internal') = ${code}
      order by id limit ${limit} for update skip locked)
    returning id, defect_id as "defectId", vulnerability_id as "vulnerabilityId"`.execute(tx)
  const ids = revived.rows.map(({ id }) => id)
  await sql`
    update message_link l set state = case when l.remote_comment_id is null then 'queued' else 'sent' end, error = null,
      updated_at = ${now}
    from operation o
    where o.organization_id = ${organizationId}::uuid and o.id = any(${ids}::uuid[])
      and l.organization_id = o.organization_id and l.defect_id = o.defect_id and l.message_id = o.message_id
      and l.state = 'failed'`.execute(tx)
  return revived.rows
}

/** Puts failed deliveries of a group whose bodies are still there back to their start, at most `limit`; answers their ids. */
export async function reviveDeliveries(
  tx: Db,
  input: Key & Pick<FailureGroup, 'connectionId' | 'code'> & { limit: number },
): Promise<string[]> {
  const { organizationId, connectionId, code, limit } = input
  const revived = await sql<{ id: string }>`
    update delivery set state = 'received', error_code = null, error = null, processed_at = null,
      next_attempt_at = null, former_attempts = former_attempts + attempts, attempts = 0
    where organization_id = ${organizationId}::uuid and id in (
      select id from delivery where organization_id = ${organizationId}::uuid and connection_id = ${connectionId}::uuid
        and state = 'failed' and coalesce(error_code, 'internal') = ${code} and body is not null
      order by id limit ${limit} for update skip locked)
    returning id`.execute(tx)
  return revived.rows.map(({ id }) => id)
}

/** Gives a failed operation up, with the reason people read. Answers false when it is not failed any more. */
export async function skipOperation(tx: Db, key: Key & { id: string; now: Date }, note: string): Promise<boolean> {
  const done = await tx
    .updateTable('operation')
    .set({ state: 'cancelled', error_code: null, error: note, next_attempt_at: null, finished_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', '=', 'failed')
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The same for a webhook. */
export async function skipDelivery(tx: Db, key: Key & { id: string; now: Date }, note: string): Promise<boolean> {
  const done = await tx
    .updateTable('delivery')
    .set({ state: 'ignored', error_code: null, error: null, outcome: note, processed_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', '=', 'failed')
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
