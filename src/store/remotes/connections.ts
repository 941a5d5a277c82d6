import type { Selectable, Updateable } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'
import type { ConnectionTable } from '../schema.gen.ts'

/** A connection as others may read it: without its credential. */
export type ConnectionRow = Omit<Selectable<ConnectionTable>, 'sealed_credential'>
export type SealedConnection = Selectable<ConnectionTable>

export type ConnectionKey = { organizationId: string; connectionId: string }

const readable = [
  'organization_id',
  'id',
  'kind',
  'auth_kind',
  'name',
  'api_url',
  'web_url',
  'oauth_consumer_id',
  'workspace_uuid',
  'workspace_slug',
  'workspace_name',
  'remote_account_uuid',
  'remote_account_name',
  'credential_version',
  'scopes_granted',
  'scopes_missing',
  'state',
  'state_reason',
  'has_issues',
  'is_administrator',
  'paused_until',
  'pause_seconds',
  'failures_in_row',
  'failing_since',
  'probe_at',
  'expiry_warned_days',
  'issues_gone_at',
  'setup_progress',
  'expires_at',
  'checked_at',
  'created_at',
  'updated_at',
] as const

export function findConnection(db: Db, key: ConnectionKey): Promise<ConnectionRow | undefined> {
  return db
    .selectFrom('connection')
    .select(readable)
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .executeTakeFirst()
}

/** With the sealed credential: for whoever is about to use it. */
export function findSealedConnection(db: Db, key: ConnectionKey): Promise<SealedConnection | undefined> {
  return db
    .selectFrom('connection')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .executeTakeFirst()
}

/** Waits for and holds the row, so that one process at a time changes the credential; rows that point at it can still be written. */
export function lockConnection(tx: Db, key: ConnectionKey): Promise<SealedConnection | undefined> {
  return tx
    .selectFrom('connection')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** The connection of a workspace, also a disconnected one, so that it can be taken up again. */
export function findConnectionOfWorkspace(
  tx: Db,
  input: { organizationId: string; kind: RemoteKind; apiUrl: string; workspaceUuid: string },
): Promise<ConnectionRow | undefined> {
  let query = tx
    .selectFrom('connection')
    .select(readable)
    .where('organization_id', '=', input.organizationId)
    .where('kind', '=', input.kind)
    .where('workspace_uuid', '=', input.workspaceUuid)
    .orderBy('id')
    .limit(1)
  // A site of Jira has two addresses, its own and the gateway's, and one cloud id in all the world.
  if (input.kind !== 'jira') query = query.where('api_url', '=', input.apiUrl)
  return query.executeTakeFirst()
}

/** A connection by OAuth that a new login of its account mends: refused, disconnected, with less than it needs, or still without a workspace. */
export function findOAuthToMend(
  tx: Db,
  input: { organizationId: string; apiUrl: string; accountUuid: string },
): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom('connection')
    .select(readable)
    .where('organization_id', '=', input.organizationId)
    .where('api_url', '=', input.apiUrl)
    .where('auth_kind', '=', 'oauth')
    .where('remote_account_uuid', '=', input.accountUuid)
    .where((where) =>
      where.or([
        where('state', 'in', ['unauthorized', 'disconnected', 'limited']),
        where('workspace_uuid', 'is', null),
      ]),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** A login at one of these sites of Jira that a new one mends: refused, disconnected, or with less than it needs. */
export function findJiraLoginToMend(
  tx: Db,
  input: { organizationId: string; cloudIds: readonly string[] },
): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom('connection')
    .select(readable)
    .where('organization_id', '=', input.organizationId)
    .where('kind', '=', 'jira')
    .where('auth_kind', '=', 'oauth')
    .where('workspace_uuid', 'in', input.cloudIds)
    .where('state', 'in', ['unauthorized', 'disconnected', 'limited'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** Removes a connection that never had a workspace: nothing but its count of requests hangs on it. */
export async function deleteUnboundConnection(tx: Db, key: ConnectionKey): Promise<void> {
  await tx
    .deleteFrom('request_budget')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .execute()
  await tx
    .deleteFrom('connection')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .where('workspace_uuid', 'is', null)
    .execute()
}

/** Makes connects of one organization wait for each other, so that a workspace is never connected twice. Until the transaction ends. */
export async function lockOrganizationConnections(tx: Db, organizationId: string): Promise<void> {
  await tx
    .selectFrom('organization')
    .select('organization_id')
    .where('organization_id', '=', organizationId)
    .forNoKeyUpdate()
    .execute()
}

export type NewConnection = {
  organizationId: string
  id: string
  kind: RemoteKind
  apiUrl: string
  webUrl: string
  values: Updateable<ConnectionTable> & Pick<SealedConnection, 'auth_kind' | 'name' | 'sealed_credential' | 'state'>
}

export async function insertConnection(tx: Db, input: NewConnection): Promise<void> {
  await tx
    .insertInto('connection')
    .values({
      ...input.values,
      organization_id: input.organizationId,
      id: input.id,
      kind: input.kind,
      api_url: input.apiUrl,
      web_url: input.webUrl,
    })
    .execute()
}

export async function updateConnection(
  tx: Db,
  key: ConnectionKey & { now: Date },
  values: Updateable<ConnectionTable>,
): Promise<void> {
  await tx
    .updateTable('connection')
    .set({ ...values, updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .execute()
}

/** Moves the next probe on; answers false when somebody else did, and so is the probe. */
export async function claimProbe(db: Db, key: ConnectionKey & { seen: Date; next: Date }): Promise<boolean> {
  const done = await db
    .updateTable('connection')
    .set({ probe_at: key.next })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.connectionId)
    .where('probe_at', '=', key.seen)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Connections in use that were not checked since `before`. Crosses organizations, for the scheduler. */
export async function listConnectionsToCheck(db: Db, input: { before: Date; limit: number }): Promise<ConnectionKey[]> {
  const rows = await db
    .selectFrom('connection')
    .select(['organization_id', 'id'])
    .where('state', 'in', ['active', 'limited', 'unreachable'])
    .where('workspace_uuid', 'is not', null)
    .where((where) => where.or([where('checked_at', 'is', null), where('checked_at', '<', input.before)]))
    .orderBy('checked_at')
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, connectionId: row.id }))
}
