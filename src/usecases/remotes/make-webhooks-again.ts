import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { listChosenUuids } from '../../store/remotes/repositories.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { noProgress, recordProgress } from './set-up-progress.ts'

type Deps = { clock: Clock; enqueue: Enqueue }

/**
 * Queues the set-up of the repositories that were chosen before, whose webhooks are gone with an earlier connection or
 * were removed. Does nothing for a connection without any. Within a transaction of the caller.
 */
export async function makeWebhooksAgain(deps: Deps, tx: Db, key: ConnectionKey): Promise<void> {
  const { organizationId, connectionId } = key
  const uuids = await listChosenUuids(tx, key)
  if (uuids.length === 0) return
  const progress = { ...noProgress, state: 'running' as const, repositories_total: uuids.length }
  await recordProgress({ ...deps, db: tx }, key, progress)
  await deps.enqueue(tx, [{ name: 'set-up-repositories', data: { organizationId, connectionId, uuids } }])
}
