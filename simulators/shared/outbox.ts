import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { Drawn, WebhookAction } from './fault-plan.ts'

/** Webhooks on their way, and those that wait to go; what else goes on in the background is in `inFlight` too. */
export interface Outbox {
  inFlight: Set<Promise<void>>
  /** How many of those in flight wait for a later time. */
  asleep: number
  /** Kept back by a fault, oldest first, to be sent after a later one to the same hook. */
  held: { hookId: string; place: number; start: () => void }[]
  /** Deliveries so far. */
  dispatched: number
  /** What faults by chance have met. */
  drawn: Drawn
  clock: Clock
  stopping: AbortSignal
}

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped' | 'held' | 'too_large'

/** An outbox with nothing in it. The clock does not run ahead of it. */
export function createOutbox(clock: Clock, stopping: AbortSignal): Outbox {
  const outbox: Outbox = {
    inFlight: new Set(),
    asleep: 0,
    held: [],
    dispatched: 0,
    drawn: new WeakMap(),
    clock,
    stopping,
  }
  clock.settleBy(async () => await settle(outbox))
  return outbox
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

async function ended(response: ServerResponse): Promise<void> {
  // Of a caller who did not wait there is nothing more to come.
  if (response.writableFinished || response.destroyed || response.socket?.destroyed === true) return
  await new Promise<void>((resolve) => response.once('close', resolve))
}

/** Lets a request wait by the simulator's clock, which moves on only when it has been answered. */
export async function delayRequest(outbox: Outbox, ms: number, response: ServerResponse): Promise<void> {
  await outbox.clock.wait(ms, outbox.stopping).catch(() => undefined)
  track(outbox, ended(response))
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
  const place = (outbox.dispatched += 1)
  if (action?.kind === 'drop') {
    delivery.state = 'dropped'
    return
  }
  const run = async () => {
    if (action?.kind === 'delay') await pause(outbox, action.ms)
    await send()
    // One after the other: which of two at once comes first would be luck.
    if (action?.kind === 'duplicate') await send()
    if (action?.kind !== 'hold') releaseHeld(outbox, { hookId, place })
  }
  const start = () => track(outbox, run())
  if (action?.kind === 'hold') {
    delivery.state = 'held'
    outbox.held.push({ hookId, place, start })
    return
  }
  start()
}

/** Lets go what waited for this later delivery to the same hook, newest first. */
function releaseHeld(outbox: Outbox, { hookId, place }: { hookId: string; place: number }): void {
  // One that was on its way before says nothing of those held since.
  const mine = outbox.held.filter((one) => one.hookId === hookId && one.place < place)
  outbox.held = outbox.held.filter((one) => !mine.includes(one))
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
