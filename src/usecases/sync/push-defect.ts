import { findDefect } from '../../store/sync/defects.ts'
import { isDue } from '../../store/sync/due.ts'
import { addOperationRequests } from '../../store/sync/operation-requests.ts'
import { claimOperation, listOpenOperations, type OperationRow, poisonAfter } from '../../store/sync/operations.ts'
import type { Performing } from './performing.ts'
import { pushComment } from './push-comment.ts'
import { pushFields } from './push-fields.ts'
import { pushItem } from './push-item.ts'
import { pushState } from './push-state.ts'
import { releaseItem } from './release-item.ts'
import { settleFailure } from './settle-failure.ts'
import { defectLock, type SyncDeps } from './sync-deps.ts'

export type PushDefectInput = { organizationId: string; defectId: string }
/** `busy`: another worker has it, and sees what is queued. `idle`: nothing is due (now). */
export type PushDefectOutcome = { kind: 'busy' } | { kind: 'idle'; attempted: number }

/** Operations of one defect in one go: more than any thread collects while its connection is down. */
const attemptsAtMost = 500

/** Carries out what is due for one item, in order, one worker at a time. */
export async function pushDefect(deps: SyncDeps, input: PushDefectInput): Promise<PushDefectOutcome> {
  const { organizationId, defectId } = input
  let attempted = 0
  // Whoever finds the lock taken leaves; so its holder looks again after giving it back, also when it found nothing.
  for (;;) {
    if ((await findNext(deps, input)) === undefined) return { kind: 'idle', attempted }
    const outcome = await deps.locks.tryWith(defectLock({ organizationId, defectId }), (lost) =>
      drain(deps, input, lost),
    )
    if (outcome.kind === 'busy') return { kind: 'busy' }
    attempted += outcome.value
    if (attempted >= attemptsAtMost) return { kind: 'idle', attempted }
  }
}

async function drain(deps: SyncDeps, input: PushDefectInput, lost: AbortSignal): Promise<number> {
  for (let attempted = 0; attempted < attemptsAtMost; attempted++) {
    const next = await findNext(deps, input)
    if (next === undefined || lost.aborted) return attempted
    await attempt(deps, next, lost)
  }
  return attemptsAtMost
}

async function findNext(deps: SyncDeps, input: PushDefectInput): Promise<OperationRow | undefined> {
  const now = deps.clock()
  for (const operation of await listOpenOperations(deps.db, input)) {
    if (operation.state === 'failed') return undefined
    if (isDue(operation.next_attempt_at, now)) return operation
    const isPoison = operation.message_id !== null && operation.attempts >= poisonAfter
    if (!isPoison) return undefined
  }
  return undefined
}

async function attempt(deps: SyncDeps, next: OperationRow, lost: AbortSignal): Promise<void> {
  const organizationId = next.organization_id
  const operation = await claimOperation(deps.db, { organizationId, id: next.id })
  if (operation === undefined) return
  const defect = await findDefect(deps.db, { organizationId, id: operation.defect_id })
  if (defect === undefined) return
  const tally = { requests: 0 }
  try {
    await perform(countingRequests(deps, tally), { operation, defect, lost })
  } catch (error) {
    await settleFailure(deps, { operation, defect, lost, error })
  }
  if (tally.requests > 0) await addOperationRequests(deps.db, { organizationId, id: operation.id, ...tally })
}

function countingRequests(deps: SyncDeps, tally: { requests: number }): SyncDeps {
  const onRequest = (): void => {
    tally.requests += 1
  }
  return {
    ...deps,
    connect: (key) => deps.connect({ ...key, onRequest }),
    connectJira: (key) => deps.connectJira({ ...key, onRequest }),
  }
}

async function perform(deps: SyncDeps, performing: Performing): Promise<void> {
  const { kind } = performing.operation
  switch (kind) {
    case 'create_defect':
      return pushItem(deps, performing)
    case 'push_state':
      return pushState(deps, performing)
    case 'release_item':
      return releaseItem(deps, performing)
    case 'push_fields':
      return pushFields(deps, performing)
    case 'create_comment':
    case 'update_comment':
    case 'delete_comment':
      return pushComment(deps, { ...performing, kind })
    default:
      return kind satisfies never
  }
}
