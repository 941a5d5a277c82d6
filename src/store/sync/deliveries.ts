import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import { isNotPaused } from '../remotes/pause.ts'
import type { DeliveryTable } from '../schema.gen.ts'
import { withAttempt } from './attempt-log.ts'
import { latestNextAttempt } from './due.ts'

export type DeliveryRow = Selectable<DeliveryTable>
type Key = { organizationId: string; id: string }

export async function findDelivery(db: Db, key: Key): Promise<DeliveryRow | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Begins an attempt at a delivery that waits and is due: counted, before anything can go wrong. Undefined for any other. */
export async function claimDelivery(db: Db, key: Key & { now: Date }): Promise<DeliveryRow | undefined> {
  return db
    .updateTable('delivery')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('state', '=', 'received')
    .where((where) =>
      where.or([
        where('next_attempt_at', 'is', null),
        where('next_attempt_at', '<=', key.now),
        where('next_attempt_at', '>', latestNextAttempt(key.now)),
      ]),
    )
    .returningAll()
    .executeTakeFirst()
}

export type DeliveryEnd =
  /** `changed` false: it had no effect, so that a replay leaves the outcome of what had one. */
  | { state: 'processed' | 'ignored'; outcome: string; changed?: boolean; vulnerabilityId?: string | null }
  /** Nothing is wrong, but it is too early. */
  | { state: 'received'; outcome: string; nextAttemptAt: Date }
  /** `attempts` that count; left out, they stay as they are. */
  | { state: 'failed'; code: string; sentence: string; attempts?: number }
  | { state: 'received'; code: string; sentence: string; attempts: number; nextAttemptAt: Date }

export async function endDelivery(tx: Db, key: Key & { now: Date }, end: DeliveryEnd): Promise<void> {
  const isOver = end.state !== 'received'
  const outcome = 'outcome' in end ? end.outcome : null
  const hasEffect = 'outcome' in end && !('changed' in end && !(end.changed ?? true))
  await tx
    .updateTable('delivery')
    .set({
      state: end.state,
      processed_at: isOver ? key.now : null,
      next_attempt_at: 'nextAttemptAt' in end ? end.nextAttemptAt : null,
      outcome: hasEffect
        ? outcome
        : sql<
            string | null
          >`case when former_attempts > 0 then coalesce(outcome, ${outcome}::text) else ${outcome}::text end`,
      error_code: 'code' in end ? end.code : null,
      error: 'sentence' in end ? end.sentence : null,
      ...('code' in end && {
        attempt_log: withAttempt({ at: key.now.toISOString(), code: end.code, sentence: end.sentence }),
      }),
      ...('attempts' in end && end.attempts !== undefined && { attempts: end.attempts }),
      ...('vulnerabilityId' in end && end.vulnerabilityId !== undefined && { vulnerability_id: end.vulnerabilityId }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Puts a delivery back to its start, so that it is processed again, at once. What it has come to so far stays. */
export async function reviveDelivery(tx: Db, key: Key): Promise<DeliveryRow | undefined> {
  return tx
    .updateTable('delivery')
    .set((set) => ({
      state: 'received' as const,
      error_code: null,
      error: null,
      processed_at: null,
      next_attempt_at: null,
      former_attempts: set('former_attempts', '+', set.ref('attempts')),
      attempts: 0,
    }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .returningAll()
    .executeTakeFirst()
}

/** Makes all waiting deliveries of a connection due now: its credential is good again. */
export async function resumeDeliveries(
  tx: Db,
  key: { organizationId: string; connectionId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ next_attempt_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('state', '=', 'received')
    .where('next_attempt_at', '>', key.now)
    .execute()
}

/**
 * Deliveries that have been due since `before` and are not processed, of connections that can work. Crosses
 * organizations.
 */
export async function listUnprocessedDeliveries(
  db: Db,
  input: { before: Date; now: Date; limit: number },
): Promise<{ organizationId: string; deliveryId: string }[]> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'delivery.organization_id')
        .onRef('connection.id', '=', 'delivery.connection_id'),
    )
    .select(['delivery.organization_id', 'delivery.id'])
    .where('delivery.state', '=', 'received')
    // Those that were never looked at may be about nothing that needs the connection.
    .where((where) =>
      where.or([
        where('delivery.attempts', '=', 0),
        where.and([where('connection.state', 'in', ['active', 'limited', 'unreachable']), isNotPaused(input.now)]),
      ]),
    )
    .where(
      sql<boolean>`(coalesce(next_attempt_at, received_at) <= ${input.before}::timestamptz
        or coalesce(next_attempt_at, received_at) > ${latestNextAttempt(input.now)}::timestamptz)`,
    )
    .orderBy('received_at')
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, deliveryId: row.id }))
}

export type LogFilter = {
  organizationId: string
  states: readonly string[] | undefined
  connectionIds: readonly string[] | undefined
  vulnerabilityId: string | undefined
  before: { at: string; id: string } | undefined
  limit: number
}

/** Inbound lines of the log, newest first. Times are written by our clock, in whole milliseconds, as cursors have them. */
export async function listInbound(db: Db, filter: LogFilter & { id?: string }) {
  const { before, states, connectionIds } = filter
  return db
    .selectFrom('delivery')
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'delivery.organization_id')
        .onRef('connection.id', '=', 'delivery.connection_id'),
    )
    .leftJoin('vulnerability', (join) =>
      join
        .onRef('vulnerability.organization_id', '=', 'delivery.organization_id')
        .onRef('vulnerability.id', '=', 'delivery.vulnerability_id'),
    )
    .select([
      'delivery.id',
      'delivery.event_key as kind',
      'delivery.state',
      'delivery.outcome',
      'delivery.attempts',
      'delivery.former_attempts',
      'delivery.error_code',
      'delivery.error',
      'delivery.next_attempt_at',
      'delivery.received_at as at',
      'delivery.processed_at as finished_at',
      sql<boolean>`delivery.body is not null`.as('has_body'),
      'connection.id as connection_id',
      'connection.name as connection_name',
      'vulnerability.id as vulnerability_id',
      'vulnerability.number as vulnerability_number',
      'vulnerability.title as vulnerability_title',
    ])
    .where('delivery.organization_id', '=', filter.organizationId)
    .$if(filter.id !== undefined, (query) => query.where('delivery.id', '=', filter.id ?? ''))
    .$if(states !== undefined, (query) =>
      query.where(sql<boolean>`delivery.state = any(${[...(states ?? [])]}::text[])`),
    )
    .$if(connectionIds !== undefined, (query) =>
      query.where(sql<boolean>`delivery.connection_id = any(${[...(connectionIds ?? [])]}::uuid[])`),
    )
    .$if(filter.vulnerabilityId !== undefined, (query) =>
      query.where('delivery.vulnerability_id', '=', filter.vulnerabilityId ?? ''),
    )
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(delivery.received_at, delivery.id) < (${before?.at ?? ''}::timestamptz, ${before?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy('delivery.received_at', 'desc')
    .orderBy('delivery.id', 'desc')
    .limit(filter.limit)
    .execute()
}

/** Outbound lines of the log, newest first. */
export async function listOutbound(db: Db, filter: LogFilter & { id?: string }) {
  const { before, states, connectionIds } = filter
  return db
    .selectFrom('operation')
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'operation.organization_id')
        .onRef('connection.id', '=', 'operation.connection_id'),
    )
    .innerJoin('vulnerability', (join) =>
      join
        .onRef('vulnerability.organization_id', '=', 'operation.organization_id')
        .onRef('vulnerability.id', '=', 'operation.vulnerability_id'),
    )
    .select([
      'operation.id',
      'operation.kind',
      'operation.state',
      'operation.attempts',
      'operation.error_code',
      'operation.error',
      'operation.next_attempt_at',
      'operation.created_at as at',
      'operation.finished_at',
      'connection.id as connection_id',
      'connection.name as connection_name',
      'vulnerability.id as vulnerability_id',
      'vulnerability.number as vulnerability_number',
      'vulnerability.title as vulnerability_title',
    ])
    .where('operation.organization_id', '=', filter.organizationId)
    .$if(filter.id !== undefined, (query) => query.where('operation.id', '=', filter.id ?? ''))
    .$if(states !== undefined, (query) =>
      query.where(sql<boolean>`operation.state = any(${[...(states ?? [])]}::text[])`),
    )
    .$if(connectionIds !== undefined, (query) =>
      query.where(sql<boolean>`operation.connection_id = any(${[...(connectionIds ?? [])]}::uuid[])`),
    )
    .$if(filter.vulnerabilityId !== undefined, (query) =>
      query.where('operation.vulnerability_id', '=', filter.vulnerabilityId ?? ''),
    )
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(operation.created_at, operation.id) < (${before?.at ?? ''}::timestamptz, ${before?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy('operation.created_at', 'desc')
    .orderBy('operation.id', 'desc')
    .limit(filter.limit)
    .execute()
}
