import type { BitbucketEvent } from '../../bitbucket/event.ts'
import { translate } from '../../bitbucket/translate.ts'
import { backOffS } from '../../domain/back-off.ts'
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
import { isDue } from '../../store/sync/due.ts'
import { announce } from '../../store/sync/live-events.ts'
import { handleEvent } from './handle-event.ts'
import { judgeFailure } from './judge-failure.ts'
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
    if (!isDue(delivery.next_attempt_at, deps.clock())) return
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

type Settled = { outcome: string; changed: boolean; vulnerabilityId: string }

async function processEvent(deps: SyncDeps, delivery: DeliveryRow, event: BitbucketEvent): Promise<void> {
  const organizationId = delivery.organization_id
  const remoteUuid = event.repository.uuid
  const repository = await findRepositoryByRemote(deps.db, { organizationId, remoteUuid })
  if (repository === undefined || repository.connection_id !== delivery.connection_id) {
    const outcome = `Weir does not follow the repository ${event.repository.fullName}.`
    return finish(deps, delivery, { state: 'ignored', outcome })
  }
  const done = { isSettled: false }
  const settleIn = async (tx: Db, end: Settled): Promise<void> => {
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
  if (done.isSettled) return
  if (outcome.state !== 'received') return finish(deps, delivery, outcome)
  await putOff(deps, delivery, { ...outcome, nextAttemptAt: later(deps, backOffS(1)), isWoken: true })
}

async function finish(deps: SyncDeps, delivery: DeliveryRow, end: DeliveryEnd): Promise<void> {
  await deps.db.transaction().execute((tx) => write(deps, tx, delivery, end))
}

async function write(deps: SyncDeps, tx: Db, delivery: DeliveryRow, end: DeliveryEnd): Promise<void> {
  const organizationId = delivery.organization_id
  await endDelivery(tx, { organizationId, id: delivery.id, now: deps.clock() }, end)
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

type PutOff = Extract<DeliveryEnd, { state: 'received' }> & { isWoken: boolean }

/** Tries again later. `isWoken`: at that time, and not only when the connection can work again. */
async function putOff(deps: SyncDeps, delivery: DeliveryRow, { isWoken, ...end }: PutOff): Promise<void> {
  const data = { organizationId: delivery.organization_id, deliveryIds: [delivery.id] }
  await deps.db.transaction().execute(async (tx) => {
    await write(deps, tx, delivery, end)
    if (isWoken) await deps.enqueue(tx, [{ name: 'process-deliveries', data, notBefore: end.nextAttemptAt }])
  })
}

function later({ clock }: Pick<SyncDeps, 'clock'>, seconds: number): Date {
  return new Date(clock().getTime() + seconds * 1000)
}

/** Kept for later as long as waiting can help: a credential is renewed, a limit passes, a bug is fixed. */
async function settle(deps: SyncDeps, delivery: DeliveryRow, error: unknown): Promise<void> {
  if (!isAppError(error)) deps.log.error({ err: error, delivery_id: delivery.id }, 'a delivery failed unexpectedly')
  const verdict = judgeFailure(error, delivery.attempts + 1)
  const { code, sentence } = verdict
  // Waiting is no attempt: however long it takes, what comes after it has all of its tries.
  const isBlocked = verdict.kind === 'later' && verdict.state === 'waiting'
  const isWaiting = isBlocked || code === 'remote_rate_limited'
  const attempts = isWaiting ? Math.max(1, delivery.attempts) : delivery.attempts + 1
  if (!isWaiting && attempts >= attemptsAtMost)
    return finish(deps, delivery, { state: 'failed', code, sentence, attempts })
  // What it speaks of may come after it, so that even a refusal is not the last word.
  const nextAttemptAt = later(deps, verdict.kind === 'later' ? verdict.seconds : backOffS(attempts))
  await putOff(deps, delivery, { state: 'received', code, sentence, attempts, nextAttemptAt, isWoken: !isBlocked })
}

function parseJson(body: Uint8Array): { kind: 'json'; value: unknown } | { kind: 'other' } {
  try {
    return { kind: 'json', value: JSON.parse(Buffer.from(body).toString('utf8')) }
  } catch {
    return { kind: 'other' }
  }
}
