import type { Delivery, DeliveryFailure } from '../../../contract/sync/deliveries.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { updateDefect } from '../../store/sync/defects.ts'
import {
  type FailureGroup,
  listFailureGroups,
  reviveDeliveries,
  reviveOperations,
  skipDelivery,
  skipOperation,
} from '../../store/sync/failures.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { settleCalls } from '../../store/sync/notifications.ts'
import { findOperation, type OperationRow } from '../../store/sync/operations.ts'
import { reviveReports, skipReport } from '../../store/sync/report-log.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { getDelivery, retryDelivery } from './deliveries.ts'
import type { WriteDeps } from './sync-deps.ts'

type Deciding = { organizationId: string; id: string; actor: AuditActor }

/** What is retried at once; more is retried by asking again. */
const retriedAtMost = 500

/** What failed for good, both ways, by connection and error. */
export async function listFailures(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<{ items: DeliveryFailure[] }> {
  const rows = await listFailureGroups(db, { organizationId })
  return {
    items: rows.map(({ connection_id: id, connection_name: name, oldest_at: oldestAt, ...row }) => ({
      ...row,
      connection: { id, name },
      oldest_at: oldestAt.toISOString(),
    })),
  }
}

/** Retries or replays one, as `retryDelivery` does, and writes down who asked for it. */
export async function retryByPerson(deps: WriteDeps, { actor, ...key }: Deciding): Promise<Delivery> {
  const delivery = await retryDelivery(deps, key)
  const action = delivery.direction === 'in' ? 'delivery.replayed' : 'delivery.retried'
  await auditDelivery(deps, deps.db, { ...key, actor, action, after: { kind: delivery.kind } })
  return delivery
}

/** Tries everything again that failed with the same error on the same connection. Webhooks whose bodies are gone stay. */
export async function retryFailures(
  deps: WriteDeps,
  input: FailureGroup & { organizationId: string; actor: AuditActor },
): Promise<{ retried: number }> {
  const { organizationId, actor, direction, connectionId, code } = input
  const now = deps.clock()
  const retried = await deps.db.transaction().execute(async (tx) => {
    const group = { organizationId, connectionId, code, limit: retriedAtMost, now }
    const count = direction === 'out' ? await retryOut(deps, tx, group) : await replayIn(deps, tx, group)
    if (count === 0) return 0
    const after = { direction, error_code: code, count }
    const target = { kind: 'connection', id: connectionId }
    await recordAudit(deps, tx, { organizationId, actor, action: 'deliveries.retried', target, after })
    await announce(tx, organizationId, [{ kind: 'delivery' }])
    return count
  })
  return { retried }
}

type Group = Parameters<typeof reviveOperations>[1]

async function retryOut(deps: WriteDeps, tx: Db, group: Group): Promise<number> {
  const { organizationId } = group
  const revived = await reviveOperations(tx, group)
  const { connectionId, code, now, limit } = group
  const reports = await reviveReports(tx, { organizationId, now, limit, which: { connectionId, code } })
  await deps.enqueue(
    tx,
    reports.map((id) => ({ name: 'report-commit', data: { organizationId, commitReportId: id } })),
  )
  const defectIds = [...new Set(revived.map(({ defectId }) => defectId))]
  await deps.enqueue(
    tx,
    defectIds.map((defectId) => ({ name: 'push-defect', data: { organizationId, defectId }, lane: 'status' })),
  )
  return revived.length + reports.length
}

async function replayIn(deps: WriteDeps, tx: Db, group: Group): Promise<number> {
  const { organizationId } = group
  const ids = await reviveDeliveries(tx, group)
  await deps.enqueue(
    tx,
    ids.map((id) => ({ name: 'process-deliveries', data: { organizationId, deliveryIds: [id] } })),
  )
  return ids.length
}

/**
 * Gives up what failed for good, so that what stands behind it goes on. Throws `not_found`, or `conflict` when it has not
 * failed (any more).
 */
export async function skipFailure(deps: WriteDeps, input: Deciding): Promise<Delivery> {
  const { actor, ...key } = input
  const { direction, kind, error } = await getDelivery(deps, key)
  const note = `Skipped by ${actor.name}.`
  await deps.db.transaction().execute(async (tx) => {
    if (direction === 'in') await skipIn(deps, tx, { ...key, note })
    else if (kind === 'report_commit') await skipTold(deps, tx, { ...key, note })
    else await skipOut(deps, tx, { ...key, note })
    await auditDelivery(deps, tx, { ...key, actor, action: 'delivery.skipped', after: { kind, error } })
    await announce(tx, key.organizationId, [{ kind: 'delivery' }, { kind: 'notification' }])
  })
  const { content: _, failed_attempts: __, loss: ___, ...line } = await getDelivery(deps, key)
  return line
}

type Skip = { organizationId: string; id: string; note: string }

async function skipIn(deps: WriteDeps, tx: Db, { note, ...key }: Skip): Promise<void> {
  if (!(await skipDelivery(tx, { ...key, now: deps.clock() }, note))) throw notFailed()
}

async function skipTold(deps: WriteDeps, tx: Db, { note, ...key }: Skip): Promise<void> {
  if (!(await skipReport(tx, { ...key, now: deps.clock() }, note))) throw notFailed()
}

async function skipOut(deps: WriteDeps, tx: Db, { note, ...key }: Skip): Promise<void> {
  const now = deps.clock()
  const operation = await findOperation(tx, key)
  if (operation === undefined) throw notFailed()
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, defect_id: defectId } = operation
  // The vulnerability first, as everybody else: ending an item writes in its row.
  if (operation.kind === 'create_defect') await lockVulnerabilities(tx, organizationId, [vulnerabilityId])
  if (!(await skipOperation(tx, { ...key, now }, note))) throw notFailed()
  if (operation.kind === 'create_defect')
    await updateDefect(tx, { organizationId, id: defectId, now }, { link: 'ended', linkReason: note, endedAt: now })
  await markSkipped(tx, { operation, note, now })
  const kinds = ['sync_failed'] as const
  const vulnerabilityIds = [vulnerabilityId]
  await settleCalls(tx, { organizationId, vulnerabilityIds, kinds, messageId: operation.message_id, now })
  await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId }, lane: 'person' }])
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'message', vulnerability_id: vulnerabilityId },
  ])
}

type Skipped = { operation: OperationRow; note: string; now: Date }

/** The message says so, too; one that has a comment already keeps it. */
async function markSkipped(tx: Db, { operation, note, now }: Skipped): Promise<void> {
  const { organization_id: organizationId, defect_id: defectId, message_id: messageId } = operation
  if (messageId === null) return
  const link = await findLinkByMessage(tx, { organizationId, defectId, messageId })
  if (link?.state !== 'failed') return
  const state = link.remote_comment_id === null ? ('removed' as const) : ('sent' as const)
  await updateMessageLink(tx, { organizationId, id: link.id, now }, { state, error: note })
}

type Audited = Deciding & { action: string; after: Readonly<Record<string, unknown>> }

async function auditDelivery(deps: WriteDeps, tx: Db, { organizationId, actor, id, ...entry }: Audited): Promise<void> {
  await recordAudit(deps, tx, { organizationId, actor, target: { kind: 'delivery', id }, ...entry })
}

function notFailed(): AppError {
  return new AppError('conflict', 'Only what failed for good can be skipped; this has not, or not any more.')
}
