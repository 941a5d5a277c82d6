import { type RawBuilder, sql } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import type { Enqueue } from './jobs.ts'
import { insertOperations, type OperationLane } from './operations.ts'

type Deps = { newId: NewId; clock: Clock; enqueue: Enqueue }

/** What the vulnerability is now, in the form it is written down in `kept`. */
const present = sql`jsonb_build_object('severity', v.severity, 'title', v.title, 'due_at', floor(extract(epoch from v.due_at)))`

type Lagging = {
  organization_id: string
  defect_id: string
  vulnerability_id: string
  connection_id: string
}

/**
 * Wishes that items show what became of their vulnerabilities' severity, title and deadline since they were last compared.
 * The fields are read when they are pushed, so that several changes before that are one push. It crosses organizations,
 * carrying each one's id along. Answers how many were queued, `limit` at most.
 */
export async function queueFieldPushes(deps: Deps, db: Db, { limit }: { limit: number }): Promise<number> {
  const rows = await listLagging(db, sql`true`, limit)
  for (const [organizationId, lagging] of Map.groupBy(rows, (row) => row.organization_id))
    await db.transaction().execute((tx) => queueLagging(deps, tx, { organizationId, lagging, lane: 'bulk' }))
  return rows.length
}

type Changed = { organizationId: string; vulnerabilityIds: readonly string[]; lane: OperationLane }

/** The same at once, in the transaction that changed these vulnerabilities. */
export async function queueFieldPushesOf(deps: Deps, tx: Db, changed: Changed): Promise<void> {
  const { organizationId, vulnerabilityIds, lane } = changed
  if (vulnerabilityIds.length === 0) return
  const these = sql`d.organization_id = ${organizationId}::uuid and d.vulnerability_id = any(${[...vulnerabilityIds]}::uuid[])`
  const lagging = await listLagging(tx, these, vulnerabilityIds.length * 3)
  await queueLagging(deps, tx, { organizationId, lagging, lane })
}

async function listLagging(db: Db, which: RawBuilder<unknown>, limit: number): Promise<Lagging[]> {
  const { rows } = await sql<Lagging>`
    select d.organization_id, d.id as defect_id, d.vulnerability_id, d.connection_id
    from defect d
    join vulnerability v on v.organization_id = d.organization_id and v.id = d.vulnerability_id
    where ${which} and d.kept <> '{}' and d.ended_at is null and d.link = 'ok' and d.kept -> 'of' is distinct from ${present}
      and not exists (select from operation o where o.organization_id = d.organization_id and o.defect_id = d.id
        and o.kind = 'push_fields' and o.state in ('queued', 'waiting', 'failed'))
    order by d.organization_id, d.id
    limit ${limit}
  `.execute(db)
  return rows
}

type Queueing = { organizationId: string; lagging: readonly Lagging[]; lane: OperationLane }

async function queueLagging(deps: Deps, tx: Db, { organizationId, lagging, lane }: Queueing): Promise<void> {
  if (lagging.length === 0) return
  const now = deps.clock()
  await insertOperations(
    tx,
    lagging.map((row) => {
      const id = deps.newId()
      return {
        organizationId,
        id,
        kind: 'push_fields' as const,
        key: `push_fields:${id}`,
        lane,
        vulnerabilityId: row.vulnerability_id,
        defectId: row.defect_id,
        messageId: null,
        connectionId: row.connection_id,
        payload: {},
        now,
      }
    }),
  )
  await deps.enqueue(
    tx,
    lagging.map((row) => ({ name: 'push-defect', data: { organizationId, defectId: row.defect_id }, lane })),
  )
}

/** Has what the remote refused of items tried again by the next round: their route has changed. */
export async function forgetRefusedFields(tx: Db, key: { organizationId: string; tracker: string }): Promise<void> {
  await sql`
    update defect set kept = kept || '{"of": {}, "isRefusalOld": true}'::jsonb
    where organization_id = ${key.organizationId}::uuid and tracker = ${key.tracker} and ended_at is null
      and kept -> 'refused' <> '{}'`.execute(tx)
}
