import { type Selectable, sql, type Updateable } from 'kysely'
import type { Db } from '../db.ts'
import type { OutgoingDeliveryTable } from '../schema.gen.ts'

export type OutgoingDeliveryRow = Selectable<OutgoingDeliveryTable>
export type OutgoingDeliveryKey = { organizationId: string; id: string }

export async function insertOutgoingDelivery(
  tx: Db,
  row: Pick<
    OutgoingDeliveryRow,
    'organization_id' | 'id' | 'webhook_id' | 'event_id' | 'event_type' | 'payload' | 'created_at'
  >,
): Promise<void> {
  await tx
    .insertInto('outgoing_delivery')
    .values({ ...row, state: 'queued' })
    .execute()
}

export async function findOutgoingDelivery(db: Db, key: OutgoingDeliveryKey): Promise<OutgoingDeliveryRow | undefined> {
  return db
    .selectFrom('outgoing_delivery')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Events that wait for a webhook. */
export async function countQueued(db: Db, key: { organizationId: string; id: string }): Promise<number> {
  const row = await db
    .selectFrom('outgoing_delivery')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organization_id', '=', key.organizationId)
    .where('webhook_id', '=', key.id)
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return row.count
}

/** The log of one webhook, newest first. */
export async function listOutgoingDeliveryRows(
  db: Db,
  filter: {
    organizationId: string
    webhookId: string
    state: OutgoingDeliveryRow['state'] | undefined
    after: { at: string; id: string } | undefined
    limit: number
  },
): Promise<OutgoingDeliveryRow[]> {
  const { after, state } = filter
  return db
    .selectFrom('outgoing_delivery')
    .selectAll()
    .where('organization_id', '=', filter.organizationId)
    .where('webhook_id', '=', filter.webhookId)
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'queued'))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute()
}

/** The event whose turn it is, with this attempt counted before anything is sent. */
export async function claimNextDelivery(
  db: Db,
  key: { organizationId: string; webhookId: string; now: Date },
): Promise<OutgoingDeliveryRow | undefined> {
  return db
    .updateTable('outgoing_delivery')
    .set((set) => ({ attempts: set('attempts', '+', 1), attempted_at: key.now }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', (query) =>
      query
        .selectFrom('outgoing_delivery')
        .select('id')
        .where('organization_id', '=', key.organizationId)
        .where('webhook_id', '=', key.webhookId)
        .where('state', '=', 'queued')
        .orderBy('created_at')
        .orderBy('event_id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst()
}

export async function updateOutgoingDelivery(
  tx: Db,
  key: OutgoingDeliveryKey,
  change: Updateable<OutgoingDeliveryTable>,
): Promise<void> {
  await tx
    .updateTable('outgoing_delivery')
    .set(change)
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
