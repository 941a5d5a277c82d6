import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import { isNotPaused } from '../remotes/pause.ts'
import type { OperationTable } from '../schema.gen.ts'
import { withAttempt } from './attempt-log.ts'
import { latestNextAttempt } from './due.ts'
import { inChunks } from './in-chunks.ts'

export type OperationRow = Selectable<OperationTable>
export type OperationLane = OperationRow['lane']

export type NewOperation = {
  organizationId: string
  id: string
  kind: OperationRow['kind']
  /** Unique: the same intent is written once. */
  key: string
  lane: OperationLane
  vulnerabilityId: string
  defectId: string
  messageId: string | null
  connectionId: string
  payload: unknown
  now: Date
}

/** Writes intents; those whose key is known already are left alone. */
export async function insertOperations(tx: Db, operations: readonly NewOperation[]): Promise<void> {
  await inChunks(operations, (piece) => insertPiece(tx, piece))
}

function insertPiece(tx: Db, operations: readonly NewOperation[]) {
  return tx
    .insertInto('operation')
    .values(
      operations.map((operation) => ({
        organization_id: operation.organizationId,
        id: operation.id,
        kind: operation.kind,
        key: operation.key,
        lane: operation.lane,
        vulnerability_id: operation.vulnerabilityId,
        defect_id: operation.defectId,
        message_id: operation.messageId,
        connection_id: operation.connectionId,
        payload: JSON.stringify(operation.payload),
        state: 'queued' as const,
        next_attempt_at: operation.now,
        created_at: operation.now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['organization_id', 'key']).doNothing())
    .execute()
}

/** Operations of a defect that are not over, in the order they were meant; a failed creation among them, since all others need it. */
export async function listOpenOperations(
  db: Db,
  key: { organizationId: string; defectId: string },
): Promise<OperationRow[]> {
  return db
    .selectFrom('operation')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where((where) =>
      where.or([
        where('state', 'in', ['queued', 'waiting']),
        where.and([where('state', '=', 'failed'), where('kind', '=', 'create_defect')]),
      ]),
    )
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function findOperation(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<OperationRow | undefined> {
  return db
    .selectFrom('operation')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Counts one attempt before anything is sent, so that the next one knows that it has to look first. */
export async function claimOperation(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<OperationRow | undefined> {
  return db
    .updateTable('operation')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', 'in', ['queued', 'waiting'])
    .returningAll()
    .executeTakeFirst()
}

/** Remembers something the next attempt needs, before the remote is asked. */
export async function noteInPayload(
  db: Db,
  key: { organizationId: string; id: string },
  payload: unknown,
): Promise<void> {
  await db
    .updateTable('operation')
    .set({ payload: JSON.stringify(payload) })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

type End = { organizationId: string; id: string; now: Date }

export async function finishOperation(
  tx: Db,
  key: End,
  end: { state: 'done' | 'cancelled'; note?: string },
): Promise<void> {
  await tx
    .updateTable('operation')
    .set({ state: end.state, error_code: null, error: end.note ?? null, next_attempt_at: null, finished_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function failOperation(tx: Db, key: End, error: { code: string; sentence: string }): Promise<void> {
  await tx
    .updateTable('operation')
    .set({
      state: 'failed',
      error_code: error.code,
      error: error.sentence,
      attempt_log: withAttempt({ at: key.now.toISOString(), code: error.code, sentence: error.sentence }),
      next_attempt_at: null,
      finished_at: key.now,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Puts an attempt off until `at`, with the reason people read. `unmade`: nothing was tried, so that it does not count. */
export async function delayOperation(
  tx: Db,
  key: End,
  delay: { state: 'queued' | 'waiting'; code: string; sentence: string; at: Date; unmade?: boolean },
): Promise<void> {
  await tx
    .updateTable('operation')
    .set((set) => ({
      state: delay.state,
      error_code: delay.code,
      error: delay.sentence,
      next_attempt_at: delay.at,
      ...(delay.unmade === true
        ? { attempts: set('attempts', '-', 1) }
        : { attempt_log: withAttempt({ at: key.now.toISOString(), code: delay.code, sentence: delay.sentence }) }),
    }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Puts an operation back to its start: due now, no error. Answers false when it is not over, or done. */
export async function reviveOperation(
  tx: Db,
  key: { organizationId: string; id: string; now: Date },
): Promise<OperationRow | undefined> {
  return tx
    .updateTable('operation')
    .set({ state: 'queued', next_attempt_at: key.now, error_code: null, error: null, finished_at: null })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', 'in', ['failed', 'queued', 'waiting'])
    .returningAll()
    .executeTakeFirst()
}

/** Defects of which a state push is queued and not yet begun: another one would say the same. Locks those rows. */
export async function listDefectsWithFreshStatePush(
  tx: Db,
  key: { organizationId: string; defectIds: readonly string[] },
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('operation')
    .select('defect_id')
    .where('organization_id', '=', key.organizationId)
    .where(sql<boolean>`defect_id = any(${[...key.defectIds]}::uuid[])`)
    .where('kind', '=', 'push_state')
    .where('state', 'in', ['queued', 'waiting'])
    .where('attempts', '=', 0)
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Set(rows.map((row) => row.defect_id))
}

/** Attempts after which a comment that keeps failing lets later ones pass. */
export const poisonAfter = 5

export type DueDefect = { organizationId: string; defectId: string; lane: OperationLane }

/**
 * Defects with work that has been due since `before` and whose connection can work: what a sweep wakes. It crosses
 * organizations, carrying each one's id along.
 */
export async function listDueDefects(
  db: Db,
  input: { before: Date; now: Date; limit: number; organizationId?: string; connectionId?: string },
): Promise<DueDefect[]> {
  const rows = await db
    .selectFrom('operation')
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'operation.organization_id')
        .onRef('connection.id', '=', 'operation.connection_id'),
    )
    .select([
      'operation.organization_id',
      'operation.defect_id',
      sql<OperationLane>`(array_agg(operation.lane order by operation.lane desc))[1]`.as('lane'),
    ])
    .where('operation.state', 'in', ['queued', 'waiting'])
    .where((where) =>
      where.or([
        where('operation.next_attempt_at', '<=', input.before),
        where('operation.next_attempt_at', '>', latestNextAttempt(input.now)),
      ]),
    )
    // What stands behind something that failed or is not due cannot run: woken in vain, it would take the places of others.
    .where(
      sql<boolean>`not exists (select from operation ahead
        where ahead.organization_id = operation.organization_id and ahead.defect_id = operation.defect_id
          and (ahead.created_at, ahead.id) < (operation.created_at, operation.id)
          and ((ahead.state = 'failed' and ahead.kind = 'create_defect')
            or (ahead.state in ('queued', 'waiting') and ahead.next_attempt_at > ${input.now}
              and ahead.next_attempt_at <= ${latestNextAttempt(input.now)}
              and (ahead.message_id is null or ahead.attempts < ${poisonAfter}))))`,
    )
    .where('connection.state', 'in', ['active', 'limited', 'unreachable'])
    .where(isNotPaused(input.now))
    .$if(input.organizationId !== undefined, (query) =>
      query.where('operation.organization_id', '=', input.organizationId ?? ''),
    )
    .$if(input.connectionId !== undefined, (query) => query.where('connection.id', '=', input.connectionId ?? ''))
    .groupBy(['operation.organization_id', 'operation.defect_id'])
    .orderBy(sql`min(array_position(array['person','status'], lane)), min(next_attempt_at), min(operation.created_at)`)
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, defectId: row.defect_id, lane: row.lane }))
}

/** Makes all waiting work of a connection due now: its credential is good again. */
export async function resumeWaiting(
  tx: Db,
  key: { organizationId: string; connectionId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('operation')
    .set({ state: 'queued', next_attempt_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('state', '=', 'waiting')
    .execute()
}

/** Whether an edit of the message made here is still on its way out. */
export async function hasOpenEdit(
  db: Db,
  { messageId, ...key }: { organizationId: string; defectId: string; messageId: string },
): Promise<boolean> {
  return hasOpen(db, { ...key, kind: 'update_comment', messageId })
}

export async function hasOpenStatePush(db: Db, key: { organizationId: string; defectId: string }): Promise<boolean> {
  return hasOpen(db, { ...key, kind: 'push_state' })
}

type OpenOne = { organizationId: string; defectId: string; kind: OperationRow['kind']; messageId?: string }

async function hasOpen(db: Db, { organizationId, defectId, kind, messageId }: OpenOne): Promise<boolean> {
  const row = await db
    .selectFrom('operation')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('defect_id', '=', defectId)
    .where('kind', '=', kind)
    .where('state', 'in', ['queued', 'waiting'])
    .$if(messageId !== undefined, (query) => query.where('message_id', '=', messageId ?? ''))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
