import { AppError } from '../../../lib/app-error.ts'
import { wakeFeeds } from '../../../store/delivery/feeds.ts'
import { type ConnectionKey, findConnection } from '../../../store/remotes/connections.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { ensureFeeds } from './ensure-feeds.ts'

/** Queues a look at all that is new. Throws `not_found`, or `conflict` for a connection that ended or reads nothing. */
export async function askForReading(deps: WriteDeps, input: ConnectionKey & { actor: AuditActor }): Promise<void> {
  const { organizationId, connectionId, actor } = input
  const connection = await findConnection(deps.db, input)
  if (connection === undefined) throw new AppError('not_found', 'There is no such connection.')
  if (connection.state === 'disconnected')
    throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  if (connection.kind !== 'bitbucket') throw new AppError('conflict', 'Only repositories of Bitbucket are read.')
  const key = { organizationId, connectionId }
  await ensureFeeds(deps, key)
  await deps.db.transaction().execute(async (tx) => {
    await wakeFeeds(tx, { ...key, now: deps.clock() })
    await deps.enqueue(tx, [{ name: 'read-feed', data: key }])
    const target = { kind: 'connection', id: connectionId }
    await recordAudit(deps, tx, { organizationId, actor, action: 'connection.read', target })
  })
}
