import { type RemoteRepository, readRepository } from '../../bitbucket/readers/repositories.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { listMovedRepositories, type MovedRepository } from '../../store/remotes/moved-repositories.ts'
import { upsertRepositories } from '../../store/remotes/repositories.ts'
import { listLiveWebhooks, type WebhookRow } from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import { recordAudit } from '../access/audit.ts'
import type { WebhookDeps } from './ensure-webhook.ts'
import { makeWebhooks } from './make-webhooks.ts'
import { type OpenConnection, openConnection, type RemoteDeps } from './open-connection.ts'
import { toBitbucketHooks } from './remote-hooks.ts'
import { toSeenRepository } from './seen-repository.ts'
import { markRemoved, removeRemote } from './webhook-actions.ts'

type Deps = RemoteDeps & WebhookDeps

/**
 * Gives repositories that were moved to a workspace of another connection to that one, with a webhook there. Where its
 * account cannot read them they stay where they are, and are tried again with the next check.
 */
export async function handOverMoved(deps: Deps, from: ConnectionRow): Promise<void> {
  const { organization_id: organizationId } = from
  const moved = await listMovedRepositories(deps.db, { organizationId, connectionId: from.id })
  for (const [connectionId, rows] of Map.groupBy(moved, (one) => one.to_connection_id)) {
    try {
      await handOver(deps, { from, rows, to: await openConnection(deps, { organizationId, connectionId }) })
    } catch (error) {
      // What is wrong with the other connection stands on its own page, and is no fault of this one.
      if (!isAppError(error)) throw error
    }
  }
}

type HandingOver = { from: ConnectionRow; to: OpenConnection; rows: readonly MovedRepository[] }
type Seen = { row: MovedRepository; remote: RemoteRepository }

async function handOver(deps: Deps, { from, to, rows }: HandingOver): Promise<void> {
  const seen: Seen[] = []
  for (const row of rows) {
    const remote = await readVisible(to, row)
    if (remote !== undefined) seen.push({ row, remote })
  }
  if (seen.length === 0) return
  const former = await listLiveWebhooks(deps.db, { organizationId: from.organization_id, connectionId: from.id })
  await deps.db.transaction().execute((tx) => record(deps, tx, { from, to: to.connection, seen }))
  const repositories = seen.map(({ row }) => ({ id: row.id, remoteUuid: row.remote_uuid }))
  await makeWebhooks(deps, to, { repositories, note: async () => undefined })
  for (const { id, remoteUuid } of repositories)
    for (const hook of former) if (hook.repository_id === id) await dropHook(deps, { to, remoteUuid, hook })
}

async function readVisible(to: OpenConnection, row: MovedRepository): Promise<RemoteRepository | undefined> {
  try {
    const question = { workspace: row.workspace_uuid, repository: row.remote_uuid, lane: 'status' as const }
    return await readRepository(to.client, question)
  } catch (error) {
    if (isAppError(error, 'remote_not_found') || isAppError(error, 'remote_forbidden')) return undefined
    throw error
  }
}

async function record(
  deps: Deps,
  tx: Db,
  { from, to, seen }: { from: ConnectionRow; to: ConnectionRow; seen: readonly Seen[] },
): Promise<void> {
  const { organization_id: organizationId } = from
  const repositories = seen.map(({ row, remote }) => toSeenRepository(remote, to, row.id))
  await upsertRepositories(tx, { organizationId, connectionId: to.id, now: deps.clock() }, repositories)
  for (const { row } of seen)
    await recordAudit(deps, tx, {
      organizationId,
      actor: { kind: 'system', name: 'Weir' },
      action: 'repository.handed_over',
      target: { kind: 'repository', id: row.id },
      before: { connection: from.name },
      after: { connection: to.name },
    })
  const ids = [from.id, to.id]
  await announce(
    tx,
    organizationId,
    ids.map((id) => ({ kind: 'connection' as const, connection_id: id })),
  )
}

type Dropping = { to: OpenConnection; remoteUuid: string; hook: WebhookRow }

/** A webhook of the repository itself went along with it: now the new one hears the same. */
async function dropHook(deps: Deps, { to, remoteUuid, hook }: Dropping): Promise<void> {
  const hooks = toBitbucketHooks(to, remoteUuid)
  try {
    await removeRemote({ connection: to.connection, hooks, repositoryId: hook.repository_id }, hook)
  } catch (error) {
    // It stays there, and its deliveries are refused.
    if (!isAppError(error)) throw error
  }
  await markRemoved(deps, hook)
}
