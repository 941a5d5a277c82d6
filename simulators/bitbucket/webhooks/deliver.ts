import { takeWebhookFault, type WebhookAction } from '../../shared/fault-plan.ts'
import { keepNewest } from '../../shared/keep-newest.ts'
import { dispatch, pause } from '../../shared/outbox.ts'
import { readAway } from '../../shared/read-away.ts'
import type { Delivery, Hook } from '../model.ts'
import type { Sim } from '../state.ts'
import { signBody } from './sign.ts'

/** Bodies above this are not sent, and nobody is told. */
const largestBody = 256 * 1024
const attemptsAtMost = 3

interface Sending {
  delivery: Delivery
  action: WebhookAction | undefined
}

/** Logs a delivery for one hook and sends it in the background, with the fault that is planned for it. */
export function startDelivery(sim: Sim, hook: Hook, message: { event: string; body: string }): void {
  const delivery = record(sim, hook, message)
  if (Buffer.byteLength(message.body) > largestBody) {
    delivery.state = 'too_large'
    return
  }
  const { webhookFaults } = sim.switches
  const action = takeWebhookFault(
    webhookFaults,
    { event: message.event, hook: sim.hooks.indexOf(hook) },
    sim.outbox.drawn,
  )
  delivery.fault = action?.kind ?? null
  const send = async () => {
    await sendAll(sim, hook, { delivery, action })
    disableFailing(sim, hook)
  }
  dispatch(sim.outbox, { hookId: hook.uuid, delivery, action, send })
}

function record(sim: Sim, hook: Hook, message: { event: string; body: string }): Delivery {
  const delivery: Delivery = {
    uuid: sim.newUuid().slice(1, -1),
    hookUuid: hook.uuid,
    event: message.event,
    url: hook.url,
    body: message.body,
    headers: {},
    createdOn: sim.now(),
    state: 'pending',
    fault: null,
    attempts: [],
  }
  sim.deliveries.push(delivery)
  keepNewest(sim, 'deliveries')
  return delivery
}

async function sendAll(sim: Sim, hook: Hook, sending: Sending): Promise<void> {
  const { delivery } = sending
  for (let number = 1; number <= attemptsAtMost; number += 1) {
    if (number > 1) await pause(sim.outbox, sim.switches.webhookRetryDelayMs)
    const status = await attempt(sim, hook, { ...sending, number })
    if (status !== null && status < 500) {
      delivery.state = status < 400 ? 'delivered' : 'failed'
      return
    }
    delivery.state = 'failed'
    // Time-outs and network errors are only logged; 5xx alone is tried again.
    if (status === null) return
  }
}

/** The real one is not known to do so: a hook whose last requests all failed is switched off where a switch says so. */
function disableFailing(sim: Sim, hook: Hook): void {
  const after = sim.switches.disableHookAfterFailures
  if (after === null) return
  const ended = sim.deliveries.filter(
    (one) => one.hookUuid === hook.uuid && (one.state === 'delivered' || one.state === 'failed'),
  )
  if (ended.length >= after && ended.slice(-after).every((one) => one.state === 'failed')) hook.active = false
}

function signatureOf(hook: Hook, { delivery, action }: Sending): Record<string, string> {
  if (hook.secret === null || action?.kind === 'unsigned') return {}
  const secret = action?.kind === 'old_secret' ? (hook.previousSecret ?? `${hook.secret}-before`) : hook.secret
  return { 'x-hub-signature': signBody(secret, delivery.body) }
}

async function attempt(sim: Sim, hook: Hook, input: Sending & { number: number }): Promise<number | null> {
  const { delivery, number } = input
  const requestUuid = number === 1 || sim.switches.sameRequestUuidOnRetry ? delivery.uuid : sim.newUuid().slice(1, -1)
  const trace = requestUuid.replaceAll('-', '')
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'Bitbucket-Webhooks/2.0',
    'x-event-key': delivery.event,
    'x-hook-uuid': hook.uuid.slice(1, -1),
    'x-request-uuid': requestUuid,
    'x-attempt-number': String(number),
    traceparent: `00-${trace}-${trace.slice(0, 16)}-01`,
    ...signatureOf(hook, input),
  }
  delivery.headers = headers
  const started = performance.now()
  const log = (status: number | null, error: string | null) =>
    delivery.attempts.push({ number, status, error, durationMs: Math.round(performance.now() - started) })
  try {
    const signal = AbortSignal.any([sim.stopping.signal, AbortSignal.timeout(sim.switches.webhookTimeoutMs)])
    const response = await fetch(hook.url, { method: 'POST', headers, body: delivery.body, redirect: 'manual', signal })
    await readAway(response)
    log(response.status, null)
    return response.status
  } catch (error) {
    log(
      null,
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error),
    )
    return null
  }
}
