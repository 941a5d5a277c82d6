import type { BitbucketEvent } from '../../bitbucket/event.ts'
import { translate } from '../../bitbucket/translate.ts'
import { backOffS } from '../../domain/back-off.ts'
import type { JiraEvent } from '../../jira/event.ts'
import { translateJira } from '../../jira/translate.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { claimDelivery, type DeliveryEnd, type DeliveryRow, endDelivery } from '../../store/sync/deliveries.ts'
import { announce } from '../../store/sync/live-events.ts'
import { hearEvent } from '../delivery/reading/hear-event.ts'
import { handleEvent } from './handle-event.ts'
import { handleJiraEvent } from './handle-jira-event.ts'
import { judgeFailure } from './judge-failure.ts'
import { type SharedReads, shareReads } from './shared-reads.ts'
import type { SyncDeps } from './sync-deps.ts'

export type ProcessDeliveryInput = { organizationId: string; deliveryId: string }

/** Attempts at one delivery before a person is asked; reconciliation repairs its effect in any case. */
const attemptsAtMost = 12

type Deps = SyncDeps & { reads: SharedReads }

/** Gives stored webhooks their effect, one after the other. */
export async function processDeliveries(
  given: SyncDeps,
  { organizationId, deliveryIds }: { organizationId: string; deliveryIds: readonly string[] },
): Promise<void> {
  const reads = shareReads(given)
  const deps = { ...given, connect: reads.connect, reads }
  for (const deliveryId of deliveryIds) await processOne(deps, { organizationId, deliveryId })
}

/** Gives one stored webhook its effect. A delivery that has had it, or is being worked on, is left alone. */
export async function processDelivery(deps: SyncDeps, input: ProcessDeliveryInput): Promise<void> {
  await processDeliveries(deps, { organizationId: input.organizationId, deliveryIds: [input.deliveryId] })
}

async function processOne(deps: Deps, { organizationId, deliveryId }: ProcessDeliveryInput): Promise<void> {
  await deps.locks.tryWith(`delivery:${organizationId}:${deliveryId}`, async () => {
    const delivery = await claimDelivery(deps.db, { organizationId, id: deliveryId, now: deps.clock() })
    if (delivery === undefined) return
    try {
      await process(deps, delivery)
    } catch (error) {
      deps.reads.forget()
      await settle(deps, delivery, error)
    }
  })
}

async function process(deps: Deps, delivery: DeliveryRow): Promise<void> {
  // Bodies of deliveries that wait are kept; this one was removed while it was being put back.
  if (delivery.body === null)
    return finish(deps, delivery, { state: 'failed', code: 'conflict', sentence: 'What it carried is gone by now.' })
  const payload = parseJson(delivery.body)
  const connection = await deps.reads.findConnection({
    organizationId: delivery.organization_id,
    connectionId: delivery.connection_id,
  })
  const meaning = connection?.kind === 'jira' ? ofJira(delivery, payload, connection) : ofBitbucket(delivery, payload)
  switch (meaning.kind) {
    case 'ignored':
      return finish(deps, delivery, { state: 'ignored', outcome: meaning.reason })
    case 'malformed':
      return finish(deps, delivery, { state: 'failed', code: 'remote_invalid_answer', sentence: meaning.reason })
    case 'event':
      return meaning.carryOut(deps, delivery)
    default:
      return meaning satisfies never
  }
}

type Meaning =
  | { kind: 'ignored' | 'malformed'; reason: string }
  | { kind: 'event'; carryOut: (deps: Deps, delivery: DeliveryRow) => Promise<void> }

const notJson = { kind: 'malformed', reason: 'The body is not JSON.' } as const

function ofBitbucket({ event_key: eventKey }: DeliveryRow, payload: Payload): Meaning {
  const translation = payload.kind === 'json' ? translate(eventKey, payload.value) : notJson
  if (translation.kind !== 'event') return translation
  return { kind: 'event', carryOut: (deps, delivery) => processEvent(deps, delivery, translation.event) }
}

function ofJira({ event_key: eventKey }: DeliveryRow, payload: Payload, connection: ConnectionRow): Meaning {
  const translation = payload.kind === 'json' ? translateJira(eventKey, payload.value) : notJson
  if (translation.kind !== 'event') return translation
  const { event } = translation
  const site = connection.workspace_uuid ?? ''
  return { kind: 'event', carryOut: (deps, delivery) => processJiraEvent(deps, delivery, { site, event }) }
}

/** On the site the connection leads to, by its cloud id. */
async function processJiraEvent(
  deps: SyncDeps,
  delivery: DeliveryRow,
  { site: containerId, event }: { site: string; event: JiraEvent },
): Promise<void> {
  const done = { isSettled: false }
  const settleIn = async (tx: Db, end: Settled): Promise<void> => {
    done.isSettled = true
    await write(deps, tx, delivery, { state: 'processed', ...end })
  }
  const organizationId = delivery.organization_id
  const outcome = await handleJiraEvent(deps, { organizationId, containerId, event, settleIn })
  if (!done.isSettled) await finish(deps, delivery, outcome)
}

type Settled = { outcome: string; changed: boolean; vulnerabilityId: string }

async function processEvent(deps: Deps, delivery: DeliveryRow, event: BitbucketEvent): Promise<void> {
  const organizationId = delivery.organization_id
  const remoteUuid = event.repository.uuid
  const repository = await deps.reads.findRepository({ organizationId, remoteUuid })
  if (repository === undefined || repository.connection_id !== delivery.connection_id) {
    const outcome = `Weir does not follow the repository ${event.repository.fullName}.`
    return finish(deps, delivery, { state: 'ignored', outcome })
  }
  await hearEvent(deps, { organizationId, repository, event, heard: deps.reads.heard })
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
  if (event.kind === 'repository') deps.reads.forget()
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
  const verdict = judgeFailure(error, delivery.attempts)
  const { code, sentence } = verdict
  // Waiting is no attempt: however long it takes, what comes after it has all of its tries.
  const isBlocked = verdict.kind === 'later' && verdict.state === 'waiting'
  const isWaiting = isBlocked || code === 'remote_rate_limited'
  const attempts = isWaiting ? Math.max(1, delivery.attempts - 1) : delivery.attempts
  if (!isWaiting && attempts >= attemptsAtMost)
    return finish(deps, delivery, { state: 'failed', code, sentence, attempts })
  // What it speaks of may come after it, so that even a refusal is not the last word.
  const nextAttemptAt = later(deps, verdict.kind === 'later' ? verdict.seconds : backOffS(attempts))
  await putOff(deps, delivery, { state: 'received', code, sentence, attempts, nextAttemptAt, isWoken: !isBlocked })
}

type Payload = { kind: 'json'; value: unknown } | { kind: 'other' }

function parseJson(body: Uint8Array): Payload {
  try {
    return { kind: 'json', value: JSON.parse(Buffer.from(body).toString('utf8')) }
  } catch {
    return { kind: 'other' }
  }
}
