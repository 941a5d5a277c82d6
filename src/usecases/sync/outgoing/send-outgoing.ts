import { type AttemptVerdict, judgeAttempt } from '../../../domain/outgoing/judge-attempt.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import { cutText } from '../../../lib/cut-text.ts'
import { type HttpClient, parseRetryAfterS } from '../../../lib/http-client.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import { toSignedHeaders } from '../../../lib/standard-webhook.ts'
import type { Db } from '../../../store/db.ts'
import { announce } from '../../../store/sync/live-events.ts'
import {
  claimNextDelivery,
  type OutgoingDeliveryRow,
  updateOutgoingDelivery,
} from '../../../store/sync/outgoing-deliveries.ts'
import {
  type OutgoingWebhookRow,
  releaseLease,
  renewLease,
  updateOutgoingWebhook,
} from '../../../store/sync/outgoing-webhooks.ts'
import { openOutgoingSecrets } from './outgoing-secrets.ts'
import { tellDisabled } from './tell-disabled.ts'
import { writeChannelBody } from './write-channel-body.ts'

export type SendOutgoingDeps = {
  db: Db
  clock: Clock
  newId: NewId
  http: HttpClient
  secretBox: SecretBox
  /** Address of this Weir as people type it, without a trailing slash. */
  publicUrl: string
}

/** How long a webhook is held for one attempt; far longer than the attempt may take. */
export const leaseMs = 60_000
const answerWithinMs = 15_000
const mostAnswerBytes = 256 * 1024
const keptAnswer = 1000
/** After so many the others have their turn. */
const inOneTurn = 500

/**
 * Sends what waits for a webhook that is leased by `by`, one event after the other, until one fails, the turn is over or
 * `signal` says stop. An event whose sender died is sent again, under the same id.
 */
export async function sendOutgoing(
  deps: SendOutgoingDeps,
  { webhook, by, signal }: { webhook: OutgoingWebhookRow; by: string; signal: AbortSignal },
): Promise<void> {
  const lease = { organizationId: webhook.organization_id, id: webhook.id, by }
  try {
    for (let sent = 0; sent < inOneTurn && !signal.aborted; sent += 1) if (!(await sendNext(deps, lease, signal))) break
  } finally {
    await releaseLease(deps.db, lease)
    await announce(deps.db, webhook.organization_id, [{ kind: 'delivery' }])
  }
}

type Lease = { organizationId: string; id: string; by: string }

/** Whether there may be more to send now. */
async function sendNext(deps: SendOutgoingDeps, lease: Lease, signal: AbortSignal): Promise<boolean> {
  const now = deps.clock()
  const webhook = await renewLease(deps.db, { ...lease, until: new Date(now.getTime() + leaseMs) })
  if (webhook === undefined) return false
  const delivery = await claimNextDelivery(deps.db, {
    organizationId: lease.organizationId,
    webhookId: webhook.id,
    now,
  })
  if (delivery === undefined) return false
  const answer = await attempt(deps, { webhook, delivery, signal })
  const verdict = judgeAttempt({
    status: answer.status,
    retryAfterS: answer.retryAfterS,
    attempts: delivery.attempts,
    failingSince: webhook.failing_since,
    now: deps.clock(),
    chance: chanceOf(delivery),
  })
  await deps.db.transaction().execute((tx) => recordAttempt(deps, tx, { webhook, delivery, answer, verdict }))
  return verdict.kind === 'delivered'
}

/** Its id is random, and another one's is another. */
const chanceOf = ({ id, attempts }: OutgoingDeliveryRow) =>
  Number.parseInt(id.replaceAll('-', '').slice(attempts % 12, (attempts % 12) + 2), 16) / 255

type Answer = { status: number | null; text: string | null; error: string | null; retryAfterS: number | undefined }
type Sending = { webhook: OutgoingWebhookRow; delivery: OutgoingDeliveryRow; signal: AbortSignal }

async function attempt(deps: SendOutgoingDeps, { webhook, delivery, signal }: Sending): Promise<Answer> {
  const now = deps.clock()
  const opened = tryOpen(deps, webhook, now)
  if (opened === undefined) return { ...nothing, error: unopened }
  const { url, secrets } = opened
  const body = webhook.kind === 'standard' ? delivery.payload : writeChannelBody(webhook.kind, delivery.payload, deps)
  const signed = secrets.length === 0 ? {} : toSignedHeaders({ id: delivery.event_id, at: now, body }, secrets)
  try {
    const answer = await deps.http.request({
      method: 'POST',
      url,
      isPathSecret: true,
      headers: { 'content-type': 'application/json', ...signed },
      body,
      timeoutMs: answerWithinMs,
      maxBytes: mostAnswerBytes,
      signal,
    })
    const isGood = answer.status >= 200 && answer.status < 300
    return {
      status: answer.status,
      // A NUL fits into no text of the database.
      text: cutText(answer.text().replaceAll('\0', ''), keptAnswer),
      error: isGood ? null : `The receiver answered ${answer.status}.`,
      retryAfterS: parseRetryAfterS(answer.headers['retry-after'], deps.clock()),
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { ...nothing, error: error.detail }
  }
}

const nothing = { status: null, text: null, retryAfterS: undefined }
const unopened = 'Its address and secret are sealed with a key this Weir does not have. Make the webhook anew.'

/** Undefined where the key is another one, as after restoring a backup without it. */
function tryOpen({ secretBox }: SendOutgoingDeps, webhook: OutgoingWebhookRow, now: Date) {
  try {
    return openOutgoingSecrets(secretBox, webhook, now)
  } catch {
    return undefined
  }
}

type Outcome = {
  webhook: OutgoingWebhookRow
  delivery: OutgoingDeliveryRow
  answer: Answer
  verdict: AttemptVerdict
}

async function recordAttempt(
  deps: SendOutgoingDeps,
  tx: Db,
  { webhook, delivery, answer, verdict }: Outcome,
): Promise<void> {
  const organizationId = webhook.organization_id
  const now = deps.clock()
  const state = verdict.kind === 'again' ? 'queued' : verdict.kind
  const said = { response_status: answer.status, response_text: answer.text, error: answer.error }
  await updateOutgoingDelivery(tx, { organizationId, id: delivery.id }, { state, ...said })
  const key = { organizationId, id: webhook.id }
  if (verdict.kind === 'delivered') {
    await updateOutgoingWebhook(tx, key, { delivered_at: now, failing_since: null, next_attempt_at: null })
    return
  }
  const failing = { failing_since: webhook.failing_since ?? now, next_attempt_at: verdict.at }
  const { disable } = verdict
  await updateOutgoingWebhook(tx, key, {
    ...failing,
    ...(disable !== null && { state: 'disabled', state_reason: disable }),
  })
  if (disable !== null) await tellDisabled(deps, tx, { organizationId, name: webhook.name, reason: disable, now })
}
