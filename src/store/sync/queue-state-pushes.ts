import type { Actor } from '../../domain/actor.ts'
import type { Status } from '../../domain/status.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { type DefectRow, listLiveDefects } from './defects.ts'
import type { Enqueue, Job } from './jobs.ts'
import { insertMessageLink } from './message-links.ts'
import { insertMessage } from './messages.ts'
import { insertOperations, listDefectsWithFreshStatePush, type NewOperation } from './operations.ts'
import { findStatus } from './sendable.ts'

export type QueueStatePushesInput = {
  organizationId: string
  vulnerabilityIds: readonly string[]
  /** Who moved the vulnerabilities; named in the one line that goes along with a fix or a reopening. */
  cause: Actor
}

/**
 * Wishes that the items of these vulnerabilities follow their present status. The status is read when it is pushed, so
 * several changes before that are one push. Vulnerabilities without a live item need nothing.
 */
export async function queueStatePushes(
  deps: { newId: NewId; clock: Clock; enqueue: Enqueue },
  tx: Db,
  input: QueueStatePushesInput,
): Promise<void> {
  const { organizationId } = input
  const defects = (await listLiveDefects(tx, input)).filter((defect) => defect.link !== 'missing')
  if (defects.length === 0) return
  const now = deps.clock()
  const fresh = await listDefectsWithFreshStatePush(tx, { organizationId, defectIds: defects.map(({ id }) => id) })
  const operations: NewOperation[] = []
  const jobs: Job[] = []
  for (const defect of defects) {
    const lane = input.cause.kind === 'scan' ? ('bulk' as const) : ('status' as const)
    const base = {
      organizationId,
      lane,
      vulnerabilityId: defect.vulnerability_id,
      defectId: defect.id,
      connectionId: defect.connection_id,
      payload: {},
      now,
    }
    if (!fresh.has(defect.id)) {
      const id = deps.newId()
      operations.push({ ...base, id, kind: 'push_state', key: `push_state:${id}`, messageId: null })
    }
    const messageId = await writeNote(deps, tx, { defect, cause: input.cause, now })
    if (messageId !== undefined)
      operations.push({
        ...base,
        id: deps.newId(),
        kind: 'create_comment',
        key: `create_comment:${messageId}:${defect.id}`,
        messageId,
      })
    jobs.push({ name: 'push-defect', data: { organizationId, defectId: defect.id }, lane })
  }
  await insertOperations(tx, operations)
  await deps.enqueue(tx, jobs)
}

/** The line in the thread, here and there, when a person at the remote needs to hear of it. */
async function writeNote(
  deps: { newId: NewId },
  tx: Db,
  { defect, cause, now }: { defect: DefectRow; cause: Actor; now: Date },
): Promise<string | undefined> {
  // A developer who closed or reopened the item knows what they did.
  if (cause.kind === 'remote') return undefined
  const organizationId = defect.organization_id
  const row = await findStatus(tx, { organizationId, vulnerabilityId: defect.vulnerability_id })
  const wasClosed = agreedState(defect.agreed) === 'closed'
  const body = row === undefined ? undefined : noteText({ status: row.status, wasClosed, cause })
  if (body === undefined) return undefined
  const messageId = deps.newId()
  await insertMessage(tx, {
    organizationId,
    id: messageId,
    vulnerabilityId: defect.vulnerability_id,
    parentId: null,
    author: { kind: 'system', name: 'Weir' },
    body,
    internal: false,
    createdAt: now,
  })
  await insertMessageLink(tx, {
    organizationId,
    id: deps.newId(),
    messageId,
    defectId: defect.id,
    remoteCommentId: null,
    direction: 'out',
    bodyHash: null,
    remoteUpdatedAt: null,
    state: 'queued',
    now,
  })
  return messageId
}

function agreedState(agreed: unknown): unknown {
  return typeof agreed === 'object' && agreed !== null && 'state' in agreed ? agreed.state : undefined
}

function noteText(input: { status: Status; wasClosed: boolean; cause: Actor }): string | undefined {
  const { status, wasClosed, cause } = input
  const isScan = cause.kind === 'scan'
  switch (status) {
    case 'fixed':
      return isScan ? `Fixed: no longer found by ${cause.name}.` : `Fixed, says ${cause.name}.`
    case 'risk_accepted':
      return `Closed: ${cause.name} accepted the risk.`
    case 'false_positive':
      return `Closed: ${cause.name} says it is a false positive.`
    case 'identified':
    case 'in_progress':
    case 'created':
      if (!wasClosed) return undefined
      return isScan ? `Reopened: found again by ${cause.name}.` : `Reopened by ${cause.name}.`
    case 'awaiting_validation':
    case 'suppressed':
      return undefined
    default:
      return status satisfies never
  }
}
