import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery, Hook } from '../model.ts'
import type { Sim } from '../state.ts'
import { signBody } from './sign.ts'

/** Bodies above this are not sent, and nobody is told. */
const largestBody = 256 * 1024
const attemptsAtMost = 3

function track(sim: Sim, work: Promise<void>): void {
  const tracked = work.catch(() => undefined).finally(() => sim.inFlight.delete(tracked))
  sim.inFlight.add(tracked)
}

/** Logs a delivery for one hook and sends it in the background, as the switches want. */
export function startDelivery(sim: Sim, hook: Hook, message: { event: string; body: string }): void {
  const faults = sim.switches.webhooks
  const delivery = record(sim, hook, message)
  if (Buffer.byteLength(message.body) > largestBody) {
    delivery.state = 'too_large'
    return
  }
  if (faults.dropNext > 0) {
    faults.dropNext -= 1
    delivery.state = 'dropped'
    return
  }
  const copies = faults.duplicateNext > 0 ? 2 : 1
  if (copies === 2) faults.duplicateNext -= 1
  for (let copy = 0; copy < copies; copy += 1) {
    const start = () => track(sim, send(sim, hook, delivery))
    if (faults.reorder) sim.heldDeliveries.push(start)
    else start()
  }
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
    attempts: [],
  }
  sim.deliveries.push(delivery)
  return delivery
}

/** Lets go what the `reorder` switch held back, newest first, and waits until nothing is on its way any more. */
export async function flushDeliveries(sim: Sim): Promise<void> {
  const held = sim.heldDeliveries.splice(0).toReversed()
  for (const start of held) {
    start()
    await settle(sim)
  }
  await settle(sim)
}

async function settle(sim: Sim): Promise<void> {
  while (sim.inFlight.size > 0) await Promise.all(sim.inFlight)
}

async function send(sim: Sim, hook: Hook, delivery: Delivery): Promise<void> {
  if (sim.switches.webhooks.delayMs > 0)
    await sleep(sim.switches.webhooks.delayMs, undefined, { signal: sim.stopping.signal })
  for (let number = 1; number <= attemptsAtMost; number += 1) {
    if (number > 1) await sleep(sim.switches.webhookRetryDelayMs, undefined, { signal: sim.stopping.signal })
    const status = await attempt(sim, hook, { delivery, number })
    if (status !== null && status < 500) {
      delivery.state = status < 400 ? 'delivered' : 'failed'
      return
    }
    delivery.state = 'failed'
    // Time-outs and network errors are only logged; 5xx alone is tried again.
    if (status === null) return
  }
}

async function attempt(sim: Sim, hook: Hook, input: { delivery: Delivery; number: number }): Promise<number | null> {
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
  }
  if (hook.secret !== null) headers['x-hub-signature'] = signBody(hook.secret, delivery.body)
  delivery.headers = headers
  const started = performance.now()
  const log = (status: number | null, error: string | null) =>
    delivery.attempts.push({ number, status, error, durationMs: Math.round(performance.now() - started) })
  try {
    const signal = AbortSignal.any([sim.stopping.signal, AbortSignal.timeout(sim.switches.webhookTimeoutMs)])
    const response = await fetch(hook.url, { method: 'POST', headers, body: delivery.body, redirect: 'manual', signal })
    await response.arrayBuffer()
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
