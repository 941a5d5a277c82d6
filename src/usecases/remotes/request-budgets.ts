import { type RequestBudget, type RequestLane, requestsLeft } from '../../bitbucket/budget.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import {
  addSpentRequests,
  countSpentRequests,
  lockRequestWindows,
  windowMs,
} from '../../store/remotes/request-windows.ts'

/** The budgets of all connections, shared by every process over the database. One for a process. */
export type RequestBudgets = { of: (key: ConnectionKey) => RequestBudget }

/** Requests reserved at a time, so that not every request writes a row; a process that dies wastes that many at most. */
const reservedAtOnce = 10

type Reservation = { left: number; window: number }

export function createRequestBudgets(deps: { db: Db; clock: Clock }): RequestBudgets {
  const reservations = new Map<string, Reservation>()
  return {
    of: (key) => ({
      take: async (lane) => {
        const name = `${key.connectionId} ${lane}`
        const now = deps.clock()
        const window = Math.floor(now.getTime() / windowMs)
        const held = reservations.get(name)
        // What was reserved in an earlier window and not used is given up: it would count in the wrong hour.
        if (held !== undefined && held.window === window && held.left > 0) {
          held.left -= 1
          return
        }
        const reserved = await deps.db.transaction().execute((tx) => reserve(tx, { ...key, lane, now }))
        if (reserved === 0) throw spent(lane)
        const other = reservations.get(name)
        const kept = other !== undefined && other.window === window ? other.left : 0
        reservations.set(name, { left: kept + reserved - 1, window })
      },
    }),
  }
}

async function reserve(tx: Db, input: ConnectionKey & { lane: RequestLane; now: Date }): Promise<number> {
  await lockRequestWindows(tx, input)
  const left = requestsLeft(input.lane, await countSpentRequests(tx, input))
  const count = Math.min(reservedAtOnce, left)
  if (count > 0) await addSpentRequests(tx, { ...input, count })
  return count
}

function spent(lane: RequestLane): AppError {
  const share = lane === 'person' || lane === 'webhook' ? 'All requests' : 'The share of background work'
  return new AppError(
    'remote_rate_limited',
    `${share} that Bitbucket allows in an hour is spent. The work waits and goes on by itself within minutes.`,
    { meta: { retry_after_s: windowMs / 1000 } },
  )
}
