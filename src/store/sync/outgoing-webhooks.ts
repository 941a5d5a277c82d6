import { type Selectable, sql, type Updateable } from 'kysely'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'
import type { OutgoingWebhookTable } from '../schema.gen.ts'

export type OutgoingWebhookRow = Selectable<OutgoingWebhookTable>
export type OutgoingWebhookKey = { organizationId: string; id: string }

export async function insertOutgoingWebhook(
  tx: Db,
  row: Omit<
    OutgoingWebhookRow,
    | 'sealed_previous_secret'
    | 'previous_secret_until'
    | 'state_reason'
    | 'failing_since'
    | 'delivered_at'
    | 'next_attempt_at'
    | 'leased_by'
    | 'leased_until'
  >,
): Promise<void> {
  await tx.insertInto('outgoing_webhook').values(row).execute()
}

/** Webhooks of an organization, newest first, with how many events wait in each; one more than `limit` when there are more. */
export async function listOutgoingWebhookRows(db: Db, organizationId: string, page: PageRequest) {
  return db
    .selectFrom('outgoing_webhook as w')
    .selectAll('w')
    .select((select) => [
      select
        .selectFrom('outgoing_delivery as d')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('d.organization_id', '=', 'w.organization_id')
        .whereRef('d.webhook_id', '=', 'w.id')
        .where('d.state', '=', 'queued')
        .as('queued'),
    ])
    .where('w.organization_id', '=', organizationId)
    .$if(page.after !== null, (query) => query.where('w.id', '<', page.after ?? ''))
    .orderBy('w.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function countOutgoingWebhooks(db: Db, organizationId: string): Promise<number> {
  const row = await db
    .selectFrom('outgoing_webhook')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return row.count
}

/** `lock` holds the row until the transaction ends. */
export async function findOutgoingWebhook(
  db: Db,
  key: OutgoingWebhookKey,
  { lock = false }: { lock?: boolean } = {},
): Promise<OutgoingWebhookRow | undefined> {
  return db
    .selectFrom('outgoing_webhook')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .$if(lock, (query) => query.forNoKeyUpdate())
    .executeTakeFirst()
}

export async function updateOutgoingWebhook(
  tx: Db,
  key: OutgoingWebhookKey,
  change: Updateable<OutgoingWebhookTable>,
): Promise<void> {
  await tx
    .updateTable('outgoing_webhook')
    .set(change)
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Deletes a webhook with all that was queued for it and its log. */
export async function deleteOutgoingWebhook(tx: Db, key: OutgoingWebhookKey): Promise<void> {
  await tx
    .deleteFrom('outgoing_webhook')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/**
 * Takes webhooks for which something waits, of any organization, for the holder of a fresh lease alone. One whose holder
 * died is free again when its lease ends.
 */
export async function leaseDueWebhooks(
  db: Db,
  lease: { by: string; now: Date; until: Date; limit: number },
): Promise<OutgoingWebhookRow[]> {
  const { rows } = await sql<OutgoingWebhookRow>`
    update outgoing_webhook set leased_by = ${lease.by}::uuid, leased_until = ${lease.until}
    where (organization_id, id) in (
      select w.organization_id, w.id from outgoing_webhook w
      where w.state = 'active' and (w.leased_until is null or w.leased_until <= ${lease.now})
        and (w.next_attempt_at is null or w.next_attempt_at <= ${lease.now})
        and exists (select from outgoing_delivery d where d.organization_id = w.organization_id and d.webhook_id = w.id
          and d.state = 'queued')
      order by w.next_attempt_at nulls first, w.id limit ${lease.limit} for no key update of w skip locked)
    returning *`.execute(db)
  return rows
}

type Lease = OutgoingWebhookKey & { by: string }

/** Holds the webhook for longer, as it is now; undefined when it is disabled, gone, or somebody else's by now. */
export async function renewLease(
  db: Db,
  { organizationId, id, by, until }: Lease & { until: Date },
): Promise<OutgoingWebhookRow | undefined> {
  return db
    .updateTable('outgoing_webhook')
    .set({ leased_until: until })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('leased_by', '=', by)
    .where('state', '=', 'active')
    .returningAll()
    .executeTakeFirst()
}

export async function releaseLease(db: Db, { organizationId, id, by }: Lease): Promise<void> {
  await db
    .updateTable('outgoing_webhook')
    .set({ leased_by: null, leased_until: null })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('leased_by', '=', by)
    .execute()
}
