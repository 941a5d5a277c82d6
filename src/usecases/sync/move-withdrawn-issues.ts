import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, lockConnection } from '../../store/remotes/connections.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { announce } from '../../store/sync/live-events.ts'
import { settleCalls } from '../../store/sync/notifications.ts'
import {
  endIssueDefects,
  listIssueDefects,
  moveIssueRoutes,
  moveUnsentMessages,
} from '../../store/sync/withdrawn-issues.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { queueSends } from './queue-sends.ts'
import type { WriteDeps } from './sync-deps.ts'

/** Items moved in one go; the answer says what is left. */
const movedAtOnce = 500

const reason = 'Bitbucket has withdrawn its issue tracker: it goes on in Bitbucket discussions.'

type Input = ConnectionKey & { actor: Actor & { kind: 'member' }; auditActor: AuditActor }
type Moved = { routes: number; items: number; left: number }

/**
 * Moves routes and items of a connection whose host has withdrawn its issue tracker to Bitbucket discussions. Threads,
 * history and unsent messages stay with their vulnerabilities; what is no longer open only ends. Throws `not_found`, or
 * `conflict` when the tracker is not known to be withdrawn.
 */
export async function moveWithdrawnIssues(deps: WriteDeps, input: Input): Promise<Moved> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, input)
    if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
    if (row.issues_gone_at === null || row.has_issues)
      throw new AppError('conflict', 'The host has not withdrawn its issue tracker: there is nothing to move.')
    const { organizationId, connectionId } = input
    const routes = await moveIssueRoutes(tx, { ...input, now: deps.clock() })
    const items = await moveItems(deps, tx, input)
    const left = (await listIssueDefects(tx, { ...input, limit: 10_000 })).length
    const target = { kind: 'connection', id: connectionId }
    const after = { routes, items, left }
    await recordAudit(deps, tx, {
      organizationId,
      actor: input.auditActor,
      action: 'connection.issues_moved',
      target,
      after,
    })
    await announce(tx, organizationId, [
      { kind: 'connection', connection_id: connectionId },
      { kind: 'delivery' },
      { kind: 'notification' },
    ])
    return after
  })
}

async function moveItems(deps: WriteDeps, tx: Db, input: Input): Promise<number> {
  const { organizationId, actor } = input
  const now = deps.clock()
  const old = await listIssueDefects(tx, { ...input, limit: movedAtOnce })
  if (old.length === 0) return 0
  const vulnerabilityIds = [...new Set(old.map(({ vulnerabilityId }) => vulnerabilityId))]
  await lockVulnerabilities(tx, organizationId, vulnerabilityIds)
  await endIssueDefects(tx, { organizationId, ids: old.map(({ id }) => id), reason, now })
  await settleCalls(tx, { organizationId, vulnerabilityIds, kinds: ['sync_failed'], now })
  const sends = { organizationId, vulnerabilityIds, tracker: 'bitbucket-discussions', actor, lane: 'bulk' as const }
  const { queued, skipped } = await queueSends(deps, tx, sends)
  const homes = new Map(queued.map(({ vulnerabilityId, defectId }) => [vulnerabilityId, defectId]))
  // One that has an item in discussions already goes on there.
  for (const { vulnerabilityId, defectId } of skipped) if (defectId !== undefined) homes.set(vulnerabilityId, defectId)
  const pairs = old.flatMap(({ id, vulnerabilityId }) => {
    const to = homes.get(vulnerabilityId)
    return to === undefined ? [] : [{ from: id, to }]
  })
  // Later than the making of the new items, which they stand behind.
  await moveUnsentMessages(tx, { organizationId, pairs, now: deps.clock() })
  return old.length
}
