import { type Selectable, sql } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'
import type { OauthAuthorizationTable, OauthConsumerTable } from '../schema.gen.ts'

export type OAuthConsumerRow = Selectable<OauthConsumerTable>
export type OAuthAuthorizationRow = Selectable<OauthAuthorizationTable>

/** The consumer of a kind of remote that was used last. */
export function findLatestConsumer(
  db: Db,
  input: { organizationId: string; kind: RemoteKind },
): Promise<OAuthConsumerRow | undefined> {
  return db
    .selectFrom('oauth_consumer')
    .selectAll()
    .where('organization_id', '=', input.organizationId)
    .where('kind', '=', input.kind)
    .orderBy('updated_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export function findConsumer(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<OAuthConsumerRow | undefined> {
  return db
    .selectFrom('oauth_consumer')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Until the end of the transaction nobody else keeps a consumer with this client id. */
export async function lockClientId(tx: Db, key: { organizationId: string; clientId: string }): Promise<void> {
  const name = `weir oauth consumer ${key.organizationId} ${key.clientId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}

export function findConsumerByClientId(
  db: Db,
  key: { organizationId: string; kind: RemoteKind; clientId: string },
): Promise<OAuthConsumerRow | undefined> {
  return db
    .selectFrom('oauth_consumer')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('kind', '=', key.kind)
    .where('client_id', '=', key.clientId)
    .executeTakeFirst()
}

/** Whether a connection that still works renews its login with this consumer. */
export async function isConsumerInUse(db: Db, key: { organizationId: string; id: string }): Promise<boolean> {
  const row = await db
    .selectFrom('connection')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where('oauth_consumer_id', '=', key.id)
    .where('state', '<>', 'disconnected')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export type SavedConsumer = {
  organizationId: string
  kind: RemoteKind
  id: string
  clientId: string
  sealedClientSecret: string
  apiUrl: string
  webUrl: string
  now: Date
}

/** Writes a consumer under its id; a known one gets the new secret and addresses. */
export async function saveConsumer(tx: Db, consumer: SavedConsumer): Promise<void> {
  const values = {
    sealed_client_secret: consumer.sealedClientSecret,
    api_url: consumer.apiUrl,
    web_url: consumer.webUrl,
    updated_at: consumer.now,
  }
  await tx
    .insertInto('oauth_consumer')
    .values({
      ...values,
      organization_id: consumer.organizationId,
      id: consumer.id,
      kind: consumer.kind,
      client_id: consumer.clientId,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'id']).doUpdateSet(values))
    .execute()
}

/** A login that was begun. It carries the consumer it was begun with, which nobody else uses before it has succeeded. */
export type NewAuthorization = {
  organizationId: string
  kind: RemoteKind
  id: string
  /** The known consumer of that key. */
  consumerId: string | null
  clientId: string
  /** Null: the secret of the known consumer is used. */
  sealedClientSecret: string | null
  apiUrl: string
  webUrl: string
  memberId: string
  sessionId: string
  stateHash: string
  expiresAt: Date
}

export async function insertAuthorization(tx: Db, input: NewAuthorization): Promise<void> {
  await tx
    .insertInto('oauth_authorization')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      kind: input.kind,
      oauth_consumer_id: input.consumerId,
      client_id: input.clientId,
      sealed_client_secret: input.sealedClientSecret,
      api_url: input.apiUrl,
      web_url: input.webUrl,
      member_id: input.memberId,
      session_id: input.sessionId,
      state_hash: input.stateHash,
      expires_at: input.expiresAt,
    })
    .execute()
}

/** Uses up a state: the first caller of the same member and session before its end gets the row, everybody else nothing. */
export function useAuthorization(
  db: Db,
  input: { organizationId: string; stateHash: string; memberId: string; sessionId: string; now: Date },
): Promise<OAuthAuthorizationRow | undefined> {
  return db
    .updateTable('oauth_authorization')
    .set({ used_at: input.now })
    .where('organization_id', '=', input.organizationId)
    .where('state_hash', '=', input.stateHash)
    .where('member_id', '=', input.memberId)
    .where('session_id', '=', input.sessionId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', input.now)
    .returningAll()
    .executeTakeFirst()
}

/** Forgets logins that were begun and can no longer be finished. */
export async function deleteEndedAuthorizations(
  tx: Db,
  input: { organizationId: string; before: Date },
): Promise<void> {
  await tx
    .deleteFrom('oauth_authorization')
    .where('organization_id', '=', input.organizationId)
    .where('expires_at', '<', input.before)
    .execute()
}
