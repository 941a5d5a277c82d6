import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey, ConnectionRow } from '../../store/remotes/connections.ts'
import { listMovedRepositories } from '../../store/remotes/moved-repositories.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import type { SessionLocks } from '../../store/session-locks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import type { OpenConnection } from './open-connection.ts'
import { refreshRepository } from './refresh-repository.ts'

type Deps = {
  db: Db
  clock: Clock
  locks: Pick<SessionLocks, 'tryWith'>
  enqueue: Enqueue
  connect: (key: ConnectionKey) => Promise<OpenConnection>
}

export type RefreshInput = { organizationId: string; repositoryId: string; receivedAt: Date }

/** `later`: it was looked at too shortly ago, so that this webhook has to be taken up again in a few seconds. */
export type Refreshed = { kind: 'refreshed'; state: 'here' | 'forbidden' | 'gone' } | { kind: 'covered' | 'later' }

/** An import script may change a repository many times a second; every look costs one or two requests of the hour. */
const refreshEveryMs = 5000

/**
 * Looks at one repository since a webhook said that it changed: at most once every five seconds, and not at all when
 * it was looked at after the webhook came in.
 */
export async function refreshAfterWebhook(deps: Deps, input: RefreshInput): Promise<Refreshed> {
  const key = `repository:${input.organizationId}:${input.repositoryId}`
  const outcome = await deps.locks.tryWith(key, () => refreshAlone(deps, input))
  return outcome.kind === 'ran' ? outcome.value : { kind: 'later' }
}

async function refreshAlone(
  deps: Deps,
  { organizationId, repositoryId, receivedAt }: RefreshInput,
): Promise<Refreshed> {
  const row = await findRepository(deps.db, { organizationId, repositoryId })
  if (row === undefined || row.updated_at > receivedAt) return { kind: 'covered' }
  if (deps.clock().getTime() - row.updated_at.getTime() < refreshEveryMs) return { kind: 'later' }
  const opened = await deps.connect({ organizationId, connectionId: row.connection_id })
  const state = await refreshRepository(deps, opened, repositoryId)
  await wakeHandOver(deps, { organizationId, repositoryId, connection: opened.connection })
  return { kind: 'refreshed', state }
}

type Moving = { organizationId: string; repositoryId: string; connection: ConnectionRow }

/** Moved to a workspace of another connection, it is given to that one by the check. */
async function wakeHandOver(deps: Deps, { organizationId, repositoryId, connection }: Moving): Promise<void> {
  const connectionId = connection.id
  const moved = await listMovedRepositories(deps.db, { organizationId, connectionId })
  if (!moved.some(({ id }) => id === repositoryId)) return
  await deps.enqueue(deps.db, [{ name: 'check-connection', data: { organizationId, connectionId } }])
}
