import { hash } from 'node:crypto'
import { verifyWebhookSignature } from '../../bitbucket/webhook-signature.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import type { Db } from '../../store/db.ts'
import { findDeliveredBody } from '../../store/remotes/accepted-deliveries.ts'
import type { DeliveryIntake, KnownWebhook } from './delivery-intake.ts'
import { isHeardEvent } from './webhook-events.ts'

export type AcceptDeliveryDeps = { db: Db; intake: DeliveryIntake; clock: Clock; newId: NewId; log: Log }

export type AcceptDeliveryInput = {
  organizationId: string
  webhookId: string
  /** The body as it came, byte for byte. */
  rawBody: Uint8Array
  /** Lower-case names, as Node gives them. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export type RefusalReason = 'unsigned' | 'bad_signature' | 'unknown_webhook' | 'too_large' | 'id_reused' | 'malformed'

export type AcceptOutcome =
  | { kind: 'accepted'; deliveryId: string }
  | { kind: 'duplicate' }
  /** Signed, but no event our hooks ask for. */
  | { kind: 'ignored' }
  | { kind: 'refused'; reason: RefusalReason }

/** Bitbucket sends at most 256 KB; what is larger is not from there. https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/ */
export const largestDeliveryBytes = 512 * 1024

/** Bitbucket waits ten seconds. */
const answerWithinMs = 8000

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Takes one webhook in: verified, stored and enqueued before it is answered. Only the signed body is trusted; delivery
 * id, event key and attempt are unsigned headers. Throws `unavailable` when it cannot be stored: answer 503, which is
 * what Bitbucket sends again.
 */
export async function acceptDelivery(deps: AcceptDeliveryDeps, input: AcceptDeliveryInput): Promise<AcceptOutcome> {
  try {
    return await answerInTime(accept(deps, input))
  } catch (error) {
    deps.log.error({ err: error, webhook_id: input.webhookId }, 'a delivery could not be stored')
    throw new AppError('unavailable', 'The delivery could not be stored. Send it again.', { cause: error })
  }
}

/** What is answered late is lost; what is answered 503 in time comes again, and is a duplicate if it was stored after all. */
function answerInTime(work: Promise<AcceptOutcome>): Promise<AcceptOutcome> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`The database took longer than ${answerWithinMs} ms.`))
    const timer = setTimeout(late, answerWithinMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

async function accept(deps: AcceptDeliveryDeps, input: AcceptDeliveryInput): Promise<AcceptOutcome> {
  const { organizationId, webhookId, rawBody } = input
  if (rawBody.length > largestDeliveryBytes) return refused('too_large')
  if (!uuid.test(organizationId) || !uuid.test(webhookId)) return refused('unknown_webhook')
  const header = readHeaders(input.headers)
  const webhook = await deps.intake.findWebhook({ organizationId, webhookId })
  if (webhook === undefined) return refused('unknown_webhook')
  const verified = await verify(deps, input, webhook)
  if (verified.kind === 'refused') return verified
  if (header === undefined) return refused('malformed')
  if (!isHeardEvent(header.eventKey)) {
    // The key is not signed: a body somebody captured could be sent again as a push, which no two bodies tell apart.
    deps.log.debug({ webhook_id: webhookId, event_key: header.eventKey }, 'a delivery nobody asked for')
    return { kind: 'ignored' }
  }
  const delivery = {
    organizationId,
    id: deps.newId(),
    webhookId,
    connectionId: verified.connectionId,
    ...header,
    body: rawBody,
    bodySha256: hash('sha256', rawBody),
    receivedAt: deps.clock(),
  }
  if (await deps.intake.store(delivery)) return { kind: 'accepted', deliveryId: delivery.id }
  const stored = await findDeliveredBody(deps.db, delivery)
  // The same id with other bytes is nothing Bitbucket does.
  return stored === undefined || stored === delivery.bodySha256 ? { kind: 'duplicate' } : refused('id_reused')
}

async function verify(
  deps: AcceptDeliveryDeps,
  { organizationId, webhookId, rawBody, headers }: AcceptDeliveryInput,
  webhook: KnownWebhook,
): Promise<{ kind: 'verified'; connectionId: string } | { kind: 'refused'; reason: RefusalReason }> {
  const signature = single(headers['x-hub-signature'])
  const verdict = verifyWebhookSignature({ rawBody, signature, secrets: webhook.secrets })
  if (verdict === 'valid') return { kind: 'verified', connectionId: webhook.connectionId }
  if (verdict === 'unsigned') return refused('unsigned')
  const fresh = await deps.intake.findWebhook({ organizationId, webhookId }, true)
  if (fresh === undefined) return refused('unknown_webhook')
  const again = verifyWebhookSignature({ rawBody, signature, secrets: fresh.secrets })
  return again === 'valid' ? { kind: 'verified', connectionId: fresh.connectionId } : refused('bad_signature')
}

function readHeaders(headers: AcceptDeliveryInput['headers']) {
  const remoteDeliveryId = single(headers['x-request-uuid'])
  const eventKey = single(headers['x-event-key'])
  const attempt = Number(single(headers['x-attempt-number']) ?? '1')
  if (remoteDeliveryId === undefined || !/^[\w{}-]{1,100}$/.test(remoteDeliveryId)) return undefined
  if (eventKey === undefined || !/^[a-z_]+:[a-z_]{1,60}$/.test(eventKey)) return undefined
  return {
    remoteDeliveryId,
    eventKey,
    attempt: Number.isInteger(attempt) && attempt > 0 && attempt < 100 ? attempt : 1,
  }
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function refused(reason: RefusalReason): { kind: 'refused'; reason: RefusalReason } {
  return { kind: 'refused', reason }
}
