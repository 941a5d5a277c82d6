import type { Db } from '../../store/db.ts'
import { lockConnection } from '../../store/remotes/connections.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import type { OperationRow } from '../../store/sync/operations.ts'
import { isWaitKnown } from '../../store/sync/waiting-operations.ts'
import type { WriteDeps } from './sync-deps.ts'

type Waiting = { operation: OperationRow; defect: DefectRow; code: string; sentence: string }

/** Says in the thread why a message waits; and calls people when a right is missing, once for all that waits for it. */
export async function tellWaiting(deps: WriteDeps, tx: Db, waiting: Waiting): Promise<void> {
  const { operation, defect, code, sentence } = waiting
  const now = deps.clock()
  const organizationId = operation.organization_id
  const vulnerabilityId = operation.vulnerability_id
  const messageId = operation.message_id
  if (await isNew(tx, waiting)) {
    const subject = `Waiting, with all else that needs the same right: ${sentence}`
    const called = { organizationId, vulnerabilityId, kind: 'sync_failed' as const, messageId, subject, now }
    await notifyMembers(deps, tx, { ...called, exceptMemberId: null })
    await announce(tx, organizationId, [{ kind: 'notification' }])
  }
  // Tried again for the same reason: the pages know it.
  if (operation.state === 'waiting' && operation.error_code === code) return
  const link =
    messageId === null ? undefined : await findLinkByMessage(tx, { organizationId, defectId: defect.id, messageId })
  if (link !== undefined) await updateMessageLink(tx, { organizationId, id: link.id, now }, { error: sentence })
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'message', vulnerability_id: vulnerabilityId },
  ])
}

/** Of many workers who meet the same door one tells. To be called before the operation is written: connections are locked first. */
export async function lockDoor(tx: Db, waiting: Waiting): Promise<void> {
  const { organization_id: organizationId, connection_id: connectionId } = waiting.operation
  if (isRightMissing(waiting)) await lockConnection(tx, { organizationId, connectionId })
}

/** Met for the first time by this operation. */
function isRightMissing({ operation, code }: Waiting): boolean {
  if (code !== 'scope_missing' && code !== 'remote_forbidden') return false
  return operation.state !== 'waiting' || operation.error_code !== code
}

/**
 * A missing scope is missing on the whole connection, a missing access on one repository. A credential that is refused
 * altogether shows on its connection, and calls nobody here.
 */
async function isNew(tx: Db, waiting: Waiting): Promise<boolean> {
  if (!isRightMissing(waiting)) return false
  const { operation, defect, code } = waiting
  const place = { organizationId: operation.organization_id, connectionId: operation.connection_id }
  const { repository_id: repositoryId } = defect
  const repository = code === 'remote_forbidden' && repositoryId !== null ? { repositoryId } : {}
  return !(await isWaitKnown(tx, { ...place, ...repository, code, exceptOperationId: operation.id }))
}
