import {
  type RequestLane,
  requestsLeft,
  requestsPerHour,
  rollingHour,
  type SpentWindow,
  windowMs,
} from './request-budget.ts'

/** Lanes of what is sent, the first to go first. */
export const sendLanes = ['person', 'status', 'bulk'] as const satisfies readonly RequestLane[]
export type SendLane = (typeof sendLanes)[number]

type Waiting<Lane extends RequestLane> = {
  /** Requests that all that waits in a lane takes together. */
  requests: Readonly<Record<Lane, number>>
  /** What was spent in the rolling hour. */
  windows: readonly SpentWindow[]
  /** Requests an hour that reading what webhooks tell of takes besides, by the last hour. */
  eventsPerHour: number
  now: Date
  /** Nothing is asked before: the remote wished for a pause. */
  notBefore?: Date | null
  perHour?: number
}

export type WaitingSends = Waiting<SendLane>

/** Requests a second that a worker makes where nothing holds it up. */
const requestsPerS = 5
/** Windows looked ahead: thirty days. */
const windowsAhead = 30 * 24 * 12

/** When the last of what waits will have been sent, if nothing is added; null when that is more than thirty days away. */
export function forecastSends(waiting: WaitingSends): Date | null {
  return forecast(sendLanes, waiting)
}

/** When so much will have been read, with the share of the hour that reading has; null as above. */
export function forecastReading({
  requests,
  ...waiting
}: Omit<Waiting<'collect'>, 'requests'> & { requests: number }): Date | null {
  return forecast(['collect'], { ...waiting, requests: { collect: requests } })
}

function forecast<Lane extends RequestLane>(lanes: readonly Lane[], waiting: Waiting<Lane>): Date | null {
  const { windows, eventsPerHour, now, notBefore = null, perHour = requestsPerHour } = waiting
  const left: Record<Lane, number> = { ...waiting.requests }
  const ledger = new Map(windows.map(({ start, spent }) => [start.getTime(), spent]))
  let atMs = Math.max(now.getTime(), notBefore?.getTime() ?? 0)
  for (let step = 0; step < windowsAhead; step++) {
    const { present, since, until } = rollingHour(new Date(atMs))
    const endMs = present.getTime() + windowMs
    let spent = (eventsPerHour * (endMs - atMs)) / 3_600_000
    for (const [start, count] of ledger) if (start >= since.getTime() && start <= until.getTime()) spent += count
    const before = spent
    let room = ((endMs - atMs) / 1000) * requestsPerS
    for (const lane of lanes) {
      const sent = Math.min(left[lane], room, requestsLeft(lane, spent, perHour))
      left[lane] -= sent
      spent += sent
      room -= sent
    }
    if (lanes.every((lane) => left[lane] <= 0)) return new Date(atMs + ((spent - before) / requestsPerS) * 1000)
    const known = ledger.get(present.getTime()) ?? 0
    ledger.set(present.getTime(), known + (spent - before) + (eventsPerHour * (endMs - atMs)) / 3_600_000)
    atMs = endMs
  }
  return null
}
