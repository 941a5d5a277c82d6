import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import type { SessionLocks } from '../../store/session-locks.ts'
import type { OpenConnection } from './open-connection.ts'
import { refreshRepository } from './refresh-repository.ts'

type Deps = { db: Db; clock: Clock; locks: SessionLocks; connect: (key: ConnectionKey) => Promise<OpenConnection> }

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
  return { kind: 'refreshed', state: await refreshRepository(deps, opened, repositoryId) }
}
