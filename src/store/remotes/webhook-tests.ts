import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { WebhookKey, WebhookRow } from './webhooks.ts'

/** Begins a test unless one has begun since `runningSince`; false then. */
export async function claimWebhookTest(db: Db, key: WebhookKey & { now: Date; runningSince: Date }): Promise<boolean> {
  const claimed = await db
    .updateTable('webhook')
    .set({ tested_at: key.now, test_outcome: 'running', test_ms: null, test_note: null })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .where((where) =>
      where.or([
        where('test_outcome', 'is', null),
        where('test_outcome', '<>', 'running'),
        where('tested_at', '<', key.runningSince),
      ]),
    )
    .executeTakeFirst()
  return claimed.numUpdatedRows > 0n
}

export type TestEnd = {
  outcome: Exclude<NonNullable<WebhookRow['test_outcome']>, 'running'>
  ms: number | null
  note: string | null
}

export async function settleWebhookTest(db: Db, key: WebhookKey, { outcome, ms, note }: TestEnd): Promise<void> {
  await db
    .updateTable('webhook')
    .set({ test_outcome: outcome, test_ms: ms, test_note: note })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .execute()
}

/** When a delivery of these events that carries `token` came in. */
export async function findTestArrival(
  db: Db,
  search: WebhookKey & { events: readonly string[]; since: Date; token: string },
): Promise<Date | undefined> {
  const row = await db
    .selectFrom('delivery')
    .select('received_at')
    .where('organization_id', '=', search.organizationId)
    .where('received_at', '>=', search.since)
    .where('webhook_id', '=', search.webhookId)
    .where('event_key', 'in', [...search.events])
    .where(sql<boolean>`position(convert_to(${search.token}, 'UTF8') in body) > 0`)
    .orderBy('received_at', 'desc')
    .executeTakeFirst()
  return row?.received_at
}

/** Notes the first delivery that is not signed with the hook's secret; the check that follows gives the secret again. */
export async function noteRefusedDelivery(db: Db, key: WebhookKey & { now: Date }): Promise<void> {
  await db
    .updateTable('webhook')
    .set({ refused_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.webhookId)
    .where('refused_at', 'is', null)
    .execute()
}

/** The repository a test of the hook may use: its own, or the asset of the connection that changed last. */
export async function findTestRepository(
  db: Db,
  key: { organizationId: string; connectionId: string; repositoryId: string | null },
): Promise<{ remote_uuid: string; workspace_uuid: string; main_branch: string; name: string } | undefined> {
  let query = db
    .selectFrom('repository as r')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'r.organization_id').onRef('a.repository_id', '=', 'r.id'),
    )
    .select(['r.remote_uuid', 'r.workspace_uuid', 'r.name'])
    .select(sql<string>`r.main_branch`.as('main_branch'))
    .where('r.organization_id', '=', key.organizationId)
    .where('r.connection_id', '=', key.connectionId)
    .where('r.state', '=', 'here')
    .where('r.main_branch', 'is not', null)
    .where('a.archived_at', 'is', null)
    .orderBy(sql`r.remote_updated_at desc nulls last`)
    .orderBy('r.id')
  if (key.repositoryId !== null) query = query.where('r.id', '=', key.repositoryId)
  return query.executeTakeFirst()
}
