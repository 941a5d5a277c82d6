import { setTimeout as sleep } from 'node:timers/promises'
import { takeWebhookFault, type WebhookAction } from '../fault-plan.ts'
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

function track(sim: Sim, work: Promise<void>): void {
  const tracked = work.catch(() => undefined).finally(() => sim.inFlight.delete(tracked))
  sim.inFlight.add(tracked)
}

function record(sim: Sim, hook: Hook, message: Message): Delivery {
  const delivery: Delivery = {
    id: sim.newUuid(),
    hookId: hook.id,
    created: sim.clock(),
    state: 'pending',
    attempts: [],
    ...message,
  }
  sim.deliveries.push(delivery)
  return delivery
}

/** Logs a delivery for one hook and sends it in the background, with the fault that is planned for it. */
export function startDelivery(sim: Sim, hook: Hook, message: Message): void {
  const delivery = record(sim, hook, message)
  if (Buffer.byteLength(message.body) > largestBody) {
    delivery.state = 'too_large'
    return
  }
  const action = takeWebhookFault(sim.switches.webhookFaults, message.event)
  if (action?.kind === 'drop') {
    delivery.state = 'dropped'
    return
  }
  const start = () => track(sim, send(sim, hook, { delivery, action }))
  if (action?.kind === 'hold') {
    delivery.state = 'held'
    sim.held.push({ hookId: hook.id, start })
    return
  }
  start()
  if (action?.kind === 'duplicate') start()
}

/** Lets go what waited for a later delivery to the same hook, newest first. */
function releaseHeld(sim: Sim, hookId: string): void {
  const mine = sim.held.filter((one) => one.hookId === hookId)
  sim.held = sim.held.filter((one) => one.hookId !== hookId)
  for (const { start } of mine.toReversed()) start()
}

/** Lets go everything held back, newest first, and waits until nothing is on its way any more. */
export async function flushDeliveries(sim: Sim): Promise<void> {
  await settle(sim)
  while (sim.held.length > 0) {
    sim.held.pop()?.start()
    await settle(sim)
  }
}

async function settle(sim: Sim): Promise<void> {
  while (sim.inFlight.size > 0) await Promise.all(sim.inFlight)
}

interface Sending {
  delivery: Delivery
  action: WebhookAction | undefined
}

async function send(sim: Sim, hook: Hook, sending: Sending): Promise<void> {
  const { delivery, action } = sending
  const { signal } = sim.stopping
  if (action?.kind === 'delay') await sleep(action.ms, undefined, { signal })
  for (let number = 1; number <= attemptsAtMost; number += 1) {
    if (number > 1) await sleep(sim.switches.webhookRetryDelayMs, undefined, { signal })
    const status = await attempt(sim, hook, { ...sending, number })
    delivery.state = status !== null && status < 300 ? 'delivered' : 'failed'
    if (status !== null && status < 500 && !worthAnother.has(status)) break
  }
  if (action?.kind !== 'hold') releaseHeld(sim, hook.id)
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
    await response.arrayBuffer()
    log(response.status, null)
    return response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    log(null, cause instanceof Error ? cause.message : String(cause))
    return null
  }
}
