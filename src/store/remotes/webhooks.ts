import { type Selectable, sql, type Updateable } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'
import type { WebhookTable } from '../schema.gen.ts'

/** With its sealed secrets: for those who sign and verify. */
export type WebhookRow = Selectable<WebhookTable>
export type WebhookKey = { organizationId: string; webhookId: string }
export type WebhookSubject = { kind: 'workspace' } | { kind: 'repository'; repositoryId: string }
export type WebhookHealth = WebhookRow['health']

export function findWebhook(db: Db, key: WebhookKey): Promise<WebhookRow | undefined> {
  return db
    .selectFrom('webhook')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .executeTakeFirst()
}

/** A hook with the kind of remote that sends to it. */
export function findWebhookWithKind(
  db: Db,
  key: WebhookKey,
): Promise<(WebhookRow & { connection_kind: RemoteKind }) | undefined> {
  return db
    .selectFrom('webhook as w')
    .innerJoin('connection as c', (join) =>
      join.onRef('c.organization_id', '=', 'w.organization_id').onRef('c.id', '=', 'w.connection_id'),
    )
    .selectAll('w')
    .select('c.kind as connection_kind')
    .where('w.organization_id', '=', key.organizationId)
    .where('w.id', '=', key.webhookId)
    .executeTakeFirst()
}

/** Waits for and holds the row: one process at a time speaks with the remote about a hook. */
export function lockWebhook(tx: Db, key: WebhookKey): Promise<WebhookRow | undefined> {
  return tx
    .selectFrom('webhook')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Makes rotations of one hook's secret wait for each other, in all processes, until the transaction ends; the row itself stays free. */
export async function lockWebhookSecret(tx: Db, key: WebhookKey): Promise<void> {
  const name = `weir webhook secret ${key.organizationId} ${key.webhookId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}

/** Makes the row of a subject unless it has a live one; answers the live one's id. */
export async function ensureWebhookRow(
  tx: Db,
  input: {
    organizationId: string
    id: string
    connectionId: string
    subject: WebhookSubject
    url: string
    sealedSecret: string
    events: readonly string[]
  },
): Promise<string> {
  const repositoryId = input.subject.kind === 'repository' ? input.subject.repositoryId : null
  await tx
    .insertInto('webhook')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      connection_id: input.connectionId,
      subject: input.subject.kind,
      repository_id: repositoryId,
      url: input.url,
      sealed_secret: input.sealedSecret,
      events: [...input.events],
      health: 'pending',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await tx
    .selectFrom('webhook')
    .select('id')
    .where('organization_id', '=', input.organizationId)
    .where('connection_id', '=', input.connectionId)
    .where('subject', '=', input.subject.kind)
    .where(sql<boolean>`repository_id is not distinct from ${repositoryId}`)
    .where('health', '<>', 'removed')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function updateWebhook(
  tx: Db,
  key: WebhookKey & { now: Date },
  values: Updateable<WebhookTable>,
): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ ...values, updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .execute()
}

/** Live hooks of a connection, oldest first. */
export function listLiveWebhooks(db: Db, key: { organizationId: string; connectionId: string }): Promise<WebhookRow[]> {
  return db
    .selectFrom('webhook')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('health', '<>', 'removed')
    .orderBy('id')
    .execute()
}

export type WebhookView = Omit<WebhookRow, 'sealed_secret' | 'sealed_previous_secret'> & {
  repository_name: string | null
  /** Changes that comparisons had to heal since its last delivery: it did not tell of them. */
  missed_changes: number
}

/** Hooks for the screen, without secrets: live ones unless `removed` is asked for. One more than `limit`. */
export async function listWebhookViews(
  db: Db,
  input: {
    organizationId: string
    connectionId?: string
    webhookId?: string
    health?: readonly WebhookHealth[]
    page: PageRequest
  },
): Promise<WebhookView[]> {
  let query = db
    .selectFrom('webhook as w')
    .leftJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 'w.organization_id').onRef('r.id', '=', 'w.repository_id'),
    )
    .selectAll('w')
    .select('r.name as repository_name')
    .select(
      // Deliveries of the same moment note their time once; a comparison right after one proves nothing.
      sql<number>`(select coalesce(sum(c.healed), 0)::integer from reconciliation c
        where c.organization_id = w.organization_id and c.connection_id = w.connection_id
          and c.started_at > coalesce(w.last_delivery_at, w.created_at) + interval '5 minutes')`.as('missed_changes'),
    )
    .where('w.organization_id', '=', input.organizationId)
    .orderBy('w.id')
    .limit(input.page.limit + 1)
  if (input.page.after !== null) query = query.where('w.id', '>', input.page.after)
  if (input.connectionId !== undefined) query = query.where('w.connection_id', '=', input.connectionId)
  if (input.webhookId !== undefined) query = query.where('w.id', '=', input.webhookId)
  else if (input.health !== undefined && input.health.length > 0) query = query.where('w.health', 'in', input.health)
  else query = query.where('w.health', '<>', 'removed')
  const rows = await query.execute()
  return rows.map(({ sealed_secret: _secret, sealed_previous_secret: _previous, ...row }) => row)
}

/** Notes that something arrived, unless that was noted since `unlessSince`: deliveries come faster than a row should change. */
export async function noteDeliveryTime(db: Db, key: WebhookKey & { now: Date; unlessSince: Date }): Promise<void> {
  await db
    .updateTable('webhook')
    .set({ last_delivery_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .where((where) =>
      where.or([where('last_delivery_at', 'is', null), where('last_delivery_at', '<', key.unlessSince)]),
    )
    .execute()
}
