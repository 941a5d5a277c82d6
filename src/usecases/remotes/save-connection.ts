import type { RemoteAccount } from '../../bitbucket/readers/users.ts'
import { type RemoteKind, remoteTitles } from '../../domain/remote-kind.ts'
import { AppError } from '../../lib/app-error.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConnectionKey,
  type ConnectionRow,
  findConnection,
  findConnectionOfWorkspace,
  insertConnection,
  lockOrganizationConnections,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { resumeDeliveries } from '../../store/sync/deliveries.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { announce } from '../../store/sync/live-events.ts'
import { listDueDefects, resumeWaiting } from '../../store/sync/operations.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import type { JudgedCredential } from './judge-credential.ts'
import { makeWebhooksAgain } from './make-webhooks-again.ts'
import type { RemoteDeps } from './open-connection.ts'
import type { RemoteAddresses, RemoteSettings } from './remote-settings.ts'
import { type StoredCredential, sealCredential } from './stored-credential.ts'

export type ConnectDeps = RemoteDeps & { newId: NewId; enqueue: Enqueue; settings: RemoteSettings }

export type CheckedConnection = {
  organizationId: string
  actor: AuditActor
  kind: RemoteKind
  addresses: RemoteAddresses
  authKind: 'oauth' | 'api_token' | 'access_token' | 'app_password'
  credential: StoredCredential
  oauthConsumerId: string | null
  /** A connection to renew instead of looking for one of the workspace. */
  takeUp?: string
  judged: JudgedCredential
}

/**
 * Writes a checked credential: a new connection, or an earlier one of the same workspace or account taken up again with
 * its repositories and assets. Throws `conflict` when the workspace is connected already with a working credential.
 */
export async function saveConnection(deps: ConnectDeps, input: CheckedConnection): Promise<ConnectionKey> {
  return deps.db.transaction().execute((tx) => saveConnectionWithin(deps, tx, input))
}

/** The same in a transaction of the caller. */
export async function saveConnectionWithin(
  deps: ConnectDeps,
  tx: Db,
  input: CheckedConnection,
): Promise<ConnectionKey> {
  const { organizationId, kind, judged } = input
  const { account, workspace } = judged.check
  await lockOrganizationConnections(tx, organizationId)
  const found = await findEarlier(tx, input)
  const key = { organizationId, connectionId: found?.id ?? deps.newId() }
  const now = deps.clock()
  const values = {
    ...judged.columns,
    auth_kind: input.authKind,
    oauth_consumer_id: input.oauthConsumerId,
    remote_account_uuid: account?.uuid ?? null,
    remote_account_name: account?.name ?? null,
    sealed_credential: sealCredential(deps.secretBox, key, input.credential),
    credential_version: (found?.credential_version ?? 0) + 1,
    checked_at: now,
    paused_until: null,
    ...(workspace === null
      ? {}
      : { workspace_uuid: workspace.uuid, workspace_slug: workspace.slug, workspace_name: workspace.name }),
    name: workspace?.name ?? found?.name ?? connectionName(kind, account),
  }
  if (found === undefined)
    await insertConnection(tx, { organizationId, id: key.connectionId, kind, ...input.addresses, values })
  else {
    const { apiUrl: api_url, webUrl: web_url } = input.addresses
    await updateConnection(tx, { ...key, now }, { ...values, api_url, web_url })
  }
  if (found !== undefined) await resumeWork(deps, tx, { ...key, now })
  // Its webhooks ended with it, and nobody is going to choose again what is chosen.
  if (found?.state === 'disconnected') await makeWebhooksAgain(deps, tx, key)
  await recordAudit(deps, tx, {
    organizationId,
    actor: input.actor,
    action: found === undefined ? 'connection.created' : 'connection.renewed',
    target: { kind: 'connection', id: key.connectionId },
    after: { auth_kind: input.authKind, workspace: workspace?.slug ?? null, account: account?.name ?? null },
  })
  await announce(tx, organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  return key
}

async function findEarlier(tx: Db, input: CheckedConnection): Promise<ConnectionRow | undefined> {
  const { organizationId, kind, takeUp } = input
  if (takeUp !== undefined) return findConnection(tx, { organizationId, connectionId: takeUp })
  const workspaceUuid = input.judged.check.workspace?.uuid
  if (workspaceUuid === undefined) return undefined
  const found = await findConnectionOfWorkspace(tx, {
    organizationId,
    kind,
    apiUrl: input.addresses.apiUrl,
    workspaceUuid,
  })
  if (found !== undefined && found.state !== 'disconnected' && found.state !== 'unauthorized')
    throw workspaceTaken(found)
  return found
}

export function workspaceTaken(found: ConnectionRow): AppError {
  return new AppError(
    'conflict',
    `${found.kind === 'jira' ? 'The site' : 'The workspace'} ${found.workspace_name ?? found.name} is connected already. Renew its credential on the Integrations page instead.`,
    { meta: { connection_id: found.id } },
  )
}

function connectionName(kind: RemoteKind, account: RemoteAccount | null): string {
  const title = remoteTitles[kind]
  return account === null ? title : `${title} of ${account.name}`
}

/** Items woken by the renewal itself; what is beyond goes on with the next sweeps. */
const wokenAtOnce = 500

/** The credential is good again: what waited goes on, and what was missed meanwhile is looked for. */
export async function resumeWork(
  deps: { enqueue: Enqueue },
  tx: Db,
  key: ConnectionKey & { now: Date },
): Promise<void> {
  const { organizationId, connectionId } = key
  await resumeWaiting(tx, key)
  await resumeDeliveries(tx, key)
  // The sweep would get to it as well, but people who just renewed a credential look whether it helped.
  const due = await listDueDefects(tx, {
    before: key.now,
    now: key.now,
    limit: wokenAtOnce,
    organizationId,
    connectionId,
  })
  await deps.enqueue(tx, [
    { name: 'reconcile-connection', data: { organizationId, connectionId } },
    ...due.map(({ lane, ...data }) => ({ name: 'push-defect' as const, data, lane })),
  ])
}
