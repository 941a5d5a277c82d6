import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { WebhookAction } from './fault-plan.ts'

/** Webhooks on their way, and those that wait to go. */
export interface Outbox {
  inFlight: Set<Promise<void>>
  /** How many of those in flight wait for a later time. */
  asleep: number
  /** Kept back by a fault, oldest first, to be sent after a later one to the same hook. */
  held: { hookId: string; start: () => void }[]
  clock: Clock
  stopping: AbortSignal
}

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped' | 'held' | 'too_large'

/** An outbox with nothing in it. */
export function createOutbox(clock: Clock, stopping: AbortSignal): Outbox {
  return { inFlight: new Set(), asleep: 0, held: [], clock, stopping }
}

function track(outbox: Outbox, work: Promise<void>): void {
  const tracked = work.catch(() => undefined).finally(() => outbox.inFlight.delete(tracked))
  outbox.inFlight.add(tracked)
}

/** Waits within a delivery by the simulator's clock. */
export async function pause(outbox: Outbox, ms: number): Promise<void> {
  outbox.asleep += 1
  try {
    await outbox.clock.wait(ms, outbox.stopping)
  } finally {
    outbox.asleep -= 1
  }
}

interface Dispatched {
  hookId: string
  delivery: { state: DeliveryState }
  /** The fault planned for it. */
  action: WebhookAction | undefined
  /** All attempts, without throwing for a receiver that fails. */
  send: () => Promise<void>
}

/** Sends a delivery in the background, or loses it, doubles it, delays it or keeps it back as its fault says. */
export function dispatch(outbox: Outbox, dispatched: Dispatched): void {
  const { hookId, delivery, action, send } = dispatched
  if (action?.kind === 'drop') {
    delivery.state = 'dropped'
    return
  }
  const run = async () => {
    if (action?.kind === 'delay') await pause(outbox, action.ms)
    await send()
    if (action?.kind !== 'hold') releaseHeld(outbox, hookId)
  }
  const start = () => track(outbox, run())
  if (action?.kind === 'hold') {
    delivery.state = 'held'
    outbox.held.push({ hookId, start })
    return
  }
  start()
  if (action?.kind === 'duplicate') start()
}

/** Lets go what waited for a later delivery to the same hook, newest first. */
function releaseHeld(outbox: Outbox, hookId: string): void {
  const mine = outbox.held.filter((one) => one.hookId === hookId)
  outbox.held = outbox.held.filter((one) => one.hookId !== hookId)
  for (const { start } of mine.toReversed()) start()
}

/** Lets go everything held back, newest first, and waits until nothing is on its way that time alone would not bring. */
export async function flushOutbox(outbox: Outbox): Promise<void> {
  await settle(outbox)
  while (outbox.held.length > 0) {
    outbox.held.pop()?.start()
    await settle(outbox)
  }
}

/** A clock driven by hand does not move while we wait: those who wait for it are left alone. */
async function settle(outbox: Outbox): Promise<void> {
  const left = () => outbox.inFlight.size - (outbox.clock.isByHand() ? outbox.asleep : 0)
  while (left() > 0) await Promise.race([Promise.all(outbox.inFlight), sleep(5)])
}
