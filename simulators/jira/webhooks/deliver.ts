import { takeWebhookFault, type WebhookAction } from '../../shared/fault-plan.ts'
import { keepNewest } from '../../shared/keep-newest.ts'
import { dispatch, pause } from '../../shared/outbox.ts'
import { readAway } from '../../shared/read-away.ts'
import type { Delivery, Hook } from '../model.ts'
import type { Sim } from '../state.ts'
import { signBody } from './sign.ts'

/** Bodies above this are not sent, and nobody is told. */
const largestBody = 25 * 1024 * 1024
/** The first, and five more. */
const attemptsAtMost = 6
const worthAnother = new Set([408, 409, 425, 429])

export interface Message {
  event: string
  flow: Delivery['flow']
  url: string
  body: string
}

function record(sim: Sim, hook: Hook, message: Message): Delivery {
  const delivery: Delivery = {
    id: sim.newUuid(),
    hookId: hook.id,
    created: sim.clock(),
    state: 'pending',
    fault: null,
    attempts: [],
    ...message,
  }
  sim.deliveries.push(delivery)
  keepNewest(sim, 'deliveries')
  return delivery
}

/** Logs a delivery for one hook and sends it in the background, with the fault that is planned for it. */
export function startDelivery(sim: Sim, hook: Hook, message: Message): void {
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
  const send = async () => await sendAll(sim, hook, { delivery, action })
  dispatch(sim.outbox, { hookId: hook.id, delivery, action, send })
}

interface Sending {
  delivery: Delivery
  action: WebhookAction | undefined
}

async function sendAll(sim: Sim, hook: Hook, sending: Sending): Promise<void> {
  const { delivery } = sending
  for (let number = 1; number <= attemptsAtMost; number += 1) {
    if (number > 1) await pause(sim.outbox, sim.switches.webhookRetryDelayMs)
    const status = await attempt(sim, hook, { ...sending, number })
    delivery.state = status !== null && status < 300 ? 'delivered' : 'failed'
    if (status !== null && status < 500 && !worthAnother.has(status)) break
  }
}

function signatureOf(hook: Hook, { delivery, action }: Sending): Record<string, string> {
  if (hook.secret === null || action?.kind === 'unsigned') return {}
  const secret = action?.kind === 'old_secret' ? (hook.previousSecret ?? `${hook.secret}-before`) : hook.secret
  return { 'x-hub-signature': signBody(secret, delivery.body) }
}

async function attempt(sim: Sim, hook: Hook, input: Sending & { number: number }): Promise<number | null> {
  const { delivery, number } = input
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'Atlassian Webhook HTTP Client',
    'x-atlassian-webhook-identifier': delivery.id,
    'x-atlassian-webhook-flow': delivery.flow,
    ...(number === 1 ? {} : { 'x-atlassian-webhook-retry': String(number - 1) }),
    ...signatureOf(hook, input),
  }
  const log = (status: number | null, error: string | null) =>
    delivery.attempts.push({ number, status, error, headers })
  try {
    const signal = AbortSignal.any([sim.stopping.signal, AbortSignal.timeout(sim.switches.webhookTimeoutMs)])
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers,
      body: delivery.body,
      redirect: 'manual',
      signal,
    })
    await readAway(response)
    log(response.status, null)
    return response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    log(null, cause instanceof Error ? cause.message : String(cause))
    return null
  }
}
