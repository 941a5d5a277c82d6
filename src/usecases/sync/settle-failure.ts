import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { delayOperation, failOperation, type OperationRow } from '../../store/sync/operations.ts'
import { putOffLane } from '../../store/sync/put-off-lane.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { noteIssuesGone } from '../../store/sync/withdrawn-issues.ts'
import { judgeFailure } from './judge-failure.ts'
import type { Performing } from './performing.ts'
import type { SyncDeps } from './sync-deps.ts'
import { lockDoor, tellWaiting } from './tell-waiting.ts'

/** Decides what a failed attempt means: again later, wait for the connection, or ask a person. Nothing is ever dropped. */
export async function settleFailure(
  deps: SyncDeps,
  { operation, defect, error }: Performing & { error: unknown },
): Promise<void> {
  const verdict = judgeFailure(error, operation.attempts)
  if (!isAppError(error)) deps.log.error({ err: error, operation_id: operation.id }, 'an operation failed unexpectedly')
  const now = deps.clock()
  const organizationId = operation.organization_id
  const key = { organizationId, id: operation.id, now }
  await deps.db.transaction().execute(async (tx) => {
    if (verdict.kind === 'later') {
      const at = new Date(now.getTime() + verdict.seconds * 1000)
      const waiting = verdict.state === 'waiting' ? { operation, defect, ...verdict } : undefined
      if (waiting !== undefined) await lockDoor(tx, waiting)
      await delayOperation(tx, key, { ...verdict, at })
      if (waiting !== undefined) await tellWaiting(deps, tx, waiting)
      else if (verdict.unmade === true) await putOffLikes(tx, { operation, at, verdict })
      // What waits for the connection is woken by its renewal; knocking at a closed door costs requests.
      if (verdict.state === 'queued') await deps.enqueue(tx, [{ ...pushOf(operation), notBefore: at }])
    } else {
      await failOperation(tx, key, verdict)
      if (verdict.code === 'tracker_gone') await tellWithdrawn(tx, { operation, now })
      await tell(deps, tx, { operation, sentence: verdict.sentence, defectId: defect.id })
    }
    await announce(tx, organizationId, [{ kind: 'delivery' }])
  })
}

function pushOf({ organization_id: organizationId, defect_id: defectId, lane }: OperationRow) {
  return { name: 'push-defect' as const, data: { organizationId, defectId }, lane }
}

/** The same refusal waits for all of the lane; the sweep wakes them when there are requests again. */
async function putOffLikes(
  tx: Db,
  { operation, at, verdict }: { operation: OperationRow; at: Date; verdict: { code: string; sentence: string } },
): Promise<void> {
  const { organization_id: organizationId, connection_id: connectionId, lane } = operation
  const { code, sentence } = verdict
  await putOffLane(tx, { organizationId, connectionId, lane, until: at, code, sentence })
}

/** The connection says it once, with the way out for all of its items. */
async function tellWithdrawn(tx: Db, { operation, now }: { operation: OperationRow; now: Date }): Promise<void> {
  const { organization_id: organizationId, connection_id: connectionId } = operation
  if (!(await noteIssuesGone(tx, { organizationId, connectionId, now }))) return
  await announce(tx, organizationId, [{ kind: 'connection', connection_id: connectionId }])
}

/** A failure that waits for a person calls one: in the thread, the history and the inbox. */
async function tell(
  deps: SyncDeps,
  tx: Db,
  { operation, sentence, defectId }: { operation: OperationRow; sentence: string; defectId: string },
): Promise<void> {
  const now = deps.clock()
  const organizationId = operation.organization_id
  const vulnerabilityId = operation.vulnerability_id
  if (operation.message_id !== null) {
    const link = await findLinkByMessage(tx, { organizationId, defectId, messageId: operation.message_id })
    if (link !== undefined)
      await updateMessageLink(tx, { organizationId, id: link.id, now }, { state: 'failed', error: sentence })
  }
  const subject = `Not sent: ${sentence}`
  await notifyMembers(deps, tx, {
    organizationId,
    vulnerabilityId,
    kind: 'sync_failed',
    messageId: operation.message_id,
    subject,
    now,
    exceptMemberId: null,
  })
  const actor = { kind: 'system' as const, name: 'Weir' }
  const after = { operation_id: operation.id }
  const entry = { vulnerabilityId, kind: 'sync_failed' as const, actor, reason: sentence, after, defectId }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'message', vulnerability_id: vulnerabilityId },
    { kind: 'notification' },
  ])
}
