import type { BitbucketEvent } from '../../bitbucket/event.ts'
import { translate } from '../../bitbucket/translate.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { findRepositoryByRemote } from '../../store/remotes/repositories.ts'
import {
  countDeliveryAttempt,
  type DeliveryEnd,
  type DeliveryRow,
  endDelivery,
  findDelivery,
} from '../../store/sync/deliveries.ts'
import { announce } from '../../store/sync/live-events.ts'
import { handleEvent } from './handle-event.ts'
import type { SyncDeps } from './sync-deps.ts'

export type ProcessDeliveryInput = { organizationId: string; deliveryId: string }

/** Attempts at one delivery before a person is asked; reconciliation repairs its effect in any case. */
const attemptsAtMost = 12

/** Gives one stored webhook its effect. A delivery that has had it, or is being worked on, is left alone. */
export async function processDelivery(deps: SyncDeps, input: ProcessDeliveryInput): Promise<void> {
  const { organizationId, deliveryId } = input
  await deps.locks.tryWith(`delivery:${organizationId}:${deliveryId}`, async () => {
    const delivery = await findDelivery(deps.db, { organizationId, id: deliveryId })
    if (delivery === undefined || delivery.state !== 'received') return
    await countDeliveryAttempt(deps.db, { organizationId, id: deliveryId })
    try {
      await process(deps, delivery)
    } catch (error) {
      await settle(deps, delivery, error)
    }
  })
}

async function process(deps: SyncDeps, delivery: DeliveryRow): Promise<void> {
  // Bodies of deliveries that wait are kept; this one was removed while it was being put back.
  if (delivery.body === null)
    return finish(deps, delivery, { state: 'failed', code: 'conflict', sentence: 'What it carried is gone by now.' })
  const payload = parseJson(delivery.body)
  const translation =
    payload.kind === 'json'
      ? translate(delivery.event_key, payload.value)
      : { kind: 'malformed' as const, reason: 'The body is not JSON.' }
  switch (translation.kind) {
    case 'ignored':
      return finish(deps, delivery, { state: 'ignored', outcome: translation.reason })
    case 'malformed':
      return finish(deps, delivery, { state: 'failed', code: 'remote_invalid_answer', sentence: translation.reason })
    case 'event':
      return processEvent(deps, delivery, translation.event)
    default:
      return translation satisfies never
  }
}

async function processEvent(deps: SyncDeps, delivery: DeliveryRow, event: BitbucketEvent): Promise<void> {
  const organizationId = delivery.organization_id
  const remoteUuid = event.repository.uuid
  const repository = await findRepositoryByRemote(deps.db, { organizationId, remoteUuid })
  if (repository === undefined || repository.connection_id !== delivery.connection_id) {
    const outcome = `Weir does not follow the repository ${event.repository.fullName}.`
    return finish(deps, delivery, { state: 'ignored', outcome })
  }
  const done = { isSettled: false }
  const settleIn = async (tx: Db, end: { outcome: string; vulnerabilityId: string }): Promise<void> => {
    done.isSettled = true
    await write(deps, tx, delivery, { state: 'processed', ...end })
  }
  const outcome = await handleEvent(deps, {
    organizationId,
    repository,
    event,
    receivedAt: delivery.received_at,
    settleIn,
  })
  if (!done.isSettled) await finish(deps, delivery, outcome)
}

async function finish(deps: SyncDeps, delivery: DeliveryRow, end: DeliveryEnd): Promise<void> {
  await deps.db.transaction().execute((tx) => write(deps, tx, delivery, end))
}

async function write(deps: SyncDeps, tx: Db, delivery: DeliveryRow, end: DeliveryEnd): Promise<void> {
  const organizationId = delivery.organization_id
  await endDelivery(tx, { organizationId, id: delivery.id, now: deps.clock() }, end)
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

/** Kept for later as long as waiting can help: a credential is renewed, a limit passes, a bug is fixed. */
async function settle(deps: SyncDeps, delivery: DeliveryRow, error: unknown): Promise<void> {
  const isKnown = isAppError(error)
  if (!isKnown) deps.log.error({ err: error, delivery_id: delivery.id }, 'a delivery failed unexpectedly')
  const code = isKnown ? error.code : 'internal'
  const sentence = isKnown ? error.detail : 'Something went wrong inside Weir. The log has the details.'
  const isWaiting = isAppError(error, 'remote_unauthorized') || isAppError(error, 'remote_rate_limited')
  const isLast = !isWaiting && delivery.attempts + 1 >= attemptsAtMost
  // Waiting is no attempt: however long it takes, what comes after it has all of its tries.
  const attempts = isWaiting ? Math.max(1, delivery.attempts) : delivery.attempts + 1
  await finish(deps, delivery, { state: isLast ? 'failed' : 'received', code, sentence, attempts })
}

function parseJson(body: Uint8Array): { kind: 'json'; value: unknown } | { kind: 'other' } {
  try {
    return { kind: 'json', value: JSON.parse(Buffer.from(body).toString('utf8')) }
  } catch {
    return { kind: 'other' }
  }
}
