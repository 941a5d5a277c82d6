import * as z from 'zod'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { delayOperation, failOperation, type OperationRow } from '../../store/sync/operations.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { Performing } from './performing.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Attempts at something that fails for no known reason before a person is asked. */
const bugAttempts = 8
/** Seconds between looks at work whose connection cannot work; renewing the connection wakes it at once. */
const waitingS = 15
/** Seconds a remote can make one piece of work wait: a header of thirty years must not strand it. */
const longestPauseS = 24 * 3600
/** Seconds between tries of what our account is not allowed to do: rights change rarely. */
const forbiddenS = 600

type Verdict =
  | { kind: 'later'; state: 'queued' | 'waiting'; code: string; sentence: string; seconds?: number }
  | { kind: 'failed'; code: string; sentence: string }

/** Decides what a failed attempt means: again later, wait for the connection, or ask a person. Nothing is ever dropped. */
export async function settleFailure(
  deps: SyncDeps,
  { operation, defect, error }: Performing & { error: unknown },
): Promise<void> {
  const verdict = judge(operation, error)
  if (!isAppError(error)) deps.log.error({ err: error, operation_id: operation.id }, 'an operation failed unexpectedly')
  const now = deps.clock()
  const organizationId = operation.organization_id
  const key = { organizationId, id: operation.id, now }
  await deps.db.transaction().execute(async (tx) => {
    if (verdict.kind === 'later') await delayOperation(tx, key, verdict)
    else {
      await failOperation(tx, key, verdict)
      await tell(deps, tx, { operation, sentence: verdict.sentence, defectId: defect.id })
    }
    await announce(tx, organizationId, [{ kind: 'delivery' }])
  })
}

function judge(operation: OperationRow, error: unknown): Verdict {
  if (!isAppError(error)) {
    const sentence = 'Something went wrong inside Weir. The log has the details.'
    if (operation.attempts >= bugAttempts) return { kind: 'failed', code: 'internal', sentence }
    return { kind: 'later', state: 'queued', code: 'internal', sentence }
  }
  const base = { code: error.code, sentence: error.detail }
  switch (error.code) {
    case 'remote_unauthorized':
    case 'credential_rejected':
    // Disconnected: its work waits for the day it is connected again.
    case 'conflict':
      return { kind: 'later', state: 'waiting', ...base, seconds: waitingS }
    case 'scope_missing':
    case 'remote_forbidden':
      return { kind: 'later', state: 'waiting', ...base, seconds: forbiddenS }
    case 'remote_rate_limited':
      return { kind: 'later', state: 'queued', ...base, seconds: retryAfterS(error) }
    case 'remote_invalid_answer':
      if (operation.attempts >= bugAttempts) return { kind: 'failed', ...base }
      return { kind: 'later', state: 'queued', ...base }
    default:
      return error.retryable ? { kind: 'later', state: 'queued', ...base } : { kind: 'failed', ...base }
  }
}

function retryAfterS(error: AppError): number {
  const parsed = z.number().positive().safeParse(error.meta?.['retry_after_s'])
  return parsed.success ? Math.min(parsed.data, longestPauseS) : 60
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
  const entry = { vulnerabilityId, kind: 'sync_failed' as const, actor, reason: sentence, defectId }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'message', vulnerability_id: vulnerabilityId },
    { kind: 'notification' },
  ])
}
