import { sql } from 'kysely'
import type { Db } from '../db.ts'

export type AcceptedDelivery = {
  organizationId: string
  id: string
  webhookId: string
  connectionId: string
  remoteDeliveryId: string
  attempt: number
  eventKey: string
  body: Uint8Array
  bodySha256: string
  receivedAt: Date
}

/**
 * Stores deliveries in one statement, leaving out those whose id or body this hook has delivered before. Answers the
 * ids that are new.
 */
export async function insertDeliveries(tx: Db, deliveries: readonly AcceptedDelivery[]): Promise<Set<string>> {
  const column = <Value>(read: (delivery: AcceptedDelivery) => Value): Value[] => deliveries.map(read)
  // One binary parameter, cut apart by the server: as an array each body would be written out in hexadecimal.
  const bodies = Buffer.concat(column((one) => one.body))
  const inserted = await sql<{ id: string }>`
    insert into delivery (organization_id, id, webhook_id, connection_id, remote_delivery_id, remote_attempt, event_key,
      body_sha256, received_at, body, state)
    select organization_id, id, webhook_id, connection_id, remote_delivery_id, attempt, event_key, sha256, received_at,
      substring(${bodies}::bytea from (sum(bytes) over (order by place) - bytes + 1)::int for bytes), 'received'
    from unnest(
      ${column((one) => one.organizationId)}::uuid[], ${column((one) => one.id)}::uuid[],
      ${column((one) => one.webhookId)}::uuid[], ${column((one) => one.connectionId)}::uuid[],
      ${column((one) => one.remoteDeliveryId)}::text[], ${column((one) => one.attempt)}::int[],
      ${column((one) => one.eventKey)}::text[], ${column((one) => one.bodySha256)}::text[],
      ${column((one) => one.receivedAt.toISOString())}::timestamptz[], ${column((one) => one.body.length)}::int[])
      with ordinality as given (organization_id, id, webhook_id, connection_id, remote_delivery_id, attempt, event_key,
        sha256, received_at, bytes, place)
    on conflict do nothing returning id`.execute(tx)
  return new Set(inserted.rows.map((row) => row.id))
}

/** The body stored under a hook's delivery id, by its hash. */
export async function findDeliveredBody(
  db: Db,
  key: { organizationId: string; webhookId: string; remoteDeliveryId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('delivery')
    .select('body_sha256')
    .where('organization_id', '=', key.organizationId)
    .where('webhook_id', '=', key.webhookId)
    .where('remote_delivery_id', '=', key.remoteDeliveryId)
    .executeTakeFirst()
  return row?.body_sha256
}
