import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, findConnection } from '../../store/remotes/connections.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { requireWorkspace } from './list-remote-repositories.ts'
import { noProgress, recordProgress } from './set-up-progress.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

export type ChooseRepositoriesInput = ConnectionKey & {
  memberId: string
  actor: AuditActor
  selection: { kind: 'all' } | { kind: 'some'; uuids: readonly string[] }
}

/** Queues the making of assets and webhooks. Throws `not_found`, `conflict` (no workspace yet, disconnected). */
export async function chooseRepositories(deps: Deps, input: ChooseRepositoriesInput): Promise<{ queued: boolean }> {
  const { organizationId, connectionId, memberId, selection } = input
  const connection = await findConnection(deps.db, input)
  if (connection === undefined) throw new AppError('not_found', 'There is no such connection.')
  if (connection.state === 'disconnected')
    throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  requireWorkspace(connection)
  const uuids = selection.kind === 'all' ? ('all' as const) : [...new Set(selection.uuids)]
  await deps.db.transaction().execute(async (tx) => {
    const total = uuids === 'all' ? 0 : uuids.length
    await recordProgress({ ...deps, db: tx }, input, { ...noProgress, state: 'running', repositories_total: total })
    await deps.enqueue(tx, [{ name: 'set-up-repositories', data: { organizationId, connectionId, memberId, uuids } }])
    await recordAudit(deps, tx, {
      organizationId,
      actor: input.actor,
      action: 'connection.repositories_chosen',
      target: { kind: 'connection', id: connectionId },
      after: { repositories: uuids === 'all' ? 'all' : uuids.length },
    })
  })
  return { queued: true }
}
