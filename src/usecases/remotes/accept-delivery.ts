import { hash } from 'node:crypto'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import { verifyWebhookSignature } from '../../lib/webhook-signature.ts'
import type { Db } from '../../store/db.ts'
import { findDeliveredBody } from '../../store/remotes/accepted-deliveries.ts'
import type { DeliveryIntake, KnownWebhook } from './delivery-intake.ts'
import { type DeliveryHeaders, largestDeliveryBytes, oneHeader, readDelivery } from './read-delivery.ts'
import { isHeardEvent } from './webhook-events.ts'

export type AcceptDeliveryDeps = { db: Db; intake: DeliveryIntake; clock: Clock; newId: NewId; log: Log }

export type AcceptDeliveryInput = {
  /** Whose address it came to. */
  kind: RemoteKind
  organizationId: string
  webhookId: string
  /** The body as it came, byte for byte. */
  rawBody: Uint8Array
  /** Lower-case names, as Node gives them. */
  headers: DeliveryHeaders
}

export type RefusalReason = 'unsigned' | 'bad_signature' | 'unknown_webhook' | 'too_large' | 'id_reused' | 'malformed'

export type AcceptOutcome =
  | { kind: 'accepted'; deliveryId: string }
  | { kind: 'duplicate' }
  /** Signed, but no event our hooks ask for. */
  | { kind: 'ignored' }
  | { kind: 'refused'; reason: RefusalReason }

/** Bitbucket waits ten seconds, Jira longer. */
const answerWithinMs = 8000

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Takes one webhook in: verified, stored and enqueued before it is answered. Only the signed body is trusted; delivery
 * id, attempt and Bitbucket's event key are unsigned headers. Throws `unavailable` when it cannot be stored: answer 503, which is
 * what both remotes send again.
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
  const { kind, organizationId, webhookId, rawBody } = input
  if (rawBody.length > largestDeliveryBytes[kind]) return refused('too_large')
  if (!uuid.test(organizationId) || !uuid.test(webhookId)) return refused('unknown_webhook')
  const webhook = await deps.intake.findWebhook({ organizationId, webhookId })
  if (webhook === undefined || webhook.kind !== kind) return refused('unknown_webhook')
  const verified = await verify(deps, input, webhook)
  if (verified.kind === 'refused') return verified
  const header = readDelivery[kind](input)
  if (header === undefined) return refused('malformed')
  if (!isHeardEvent(kind, header.eventKey)) {
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
  // The same id with other bytes is nothing a remote does.
  return stored === undefined || stored === delivery.bodySha256 ? { kind: 'duplicate' } : refused('id_reused')
}

async function verify(
  deps: AcceptDeliveryDeps,
  { organizationId, webhookId, rawBody, headers }: AcceptDeliveryInput,
  webhook: KnownWebhook,
): Promise<{ kind: 'verified'; connectionId: string } | { kind: 'refused'; reason: RefusalReason }> {
  const signature = oneHeader(headers['x-hub-signature'])
  const verdict = verifyWebhookSignature({ rawBody, signature, secrets: webhook.secrets })
  if (verdict === 'valid') return { kind: 'verified', connectionId: webhook.connectionId }
  if (verdict === 'unsigned') {
    deps.intake.noteRefusal({ organizationId, webhookId })
    return refused('unsigned')
  }
  const fresh = await deps.intake.findWebhook({ organizationId, webhookId }, true)
  if (fresh === undefined) return refused('unknown_webhook')
  const again = verifyWebhookSignature({ rawBody, signature, secrets: fresh.secrets })
  if (again === 'valid') return { kind: 'verified', connectionId: fresh.connectionId }
  deps.intake.noteRefusal({ organizationId, webhookId })
  return refused('bad_signature')
}

function refused(reason: RefusalReason): { kind: 'refused'; reason: RefusalReason } {
  return { kind: 'refused', reason }
}
