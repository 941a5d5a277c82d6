import type { RemoteKind } from '../../domain/remote-kind.ts'
import {
  type RequestBudget,
  type RequestLane,
  requestsLeft,
  requestsPerHourOf,
  rollingHour,
  type SpentWindow,
  whenFree,
  windowMs,
} from '../../domain/request-budget.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { addSpentRequests, listSpentWindows, lockRequestWindows } from '../../store/remotes/request-windows.ts'

/** The budgets of all connections, shared by every process over the database. One for a process. */
export type RequestBudgets = { of: (key: BudgetKey) => RequestBudget }

/** A connection, whose remote allows so much an hour. */
type BudgetKey = ConnectionKey & { kind: RemoteKind }

/** Requests reserved at a time, so that not every request writes a row; a process that dies wastes that many at most. */
const reservedAtOnce = 10

/** Requests of one lane counted already and not made yet, in the window they were counted in. */
type Reservation = { left: number; window: number }
type Wish = BudgetKey & { lane: RequestLane; count: number; now: Date }

export function createRequestBudgets(deps: { db: Db; clock: Clock }): RequestBudgets {
  const reservations = new Map<string, Reservation>()
  const hold = async ({ key, lane, count, isMade }: Hold): Promise<void> => {
    const name = `${key.connectionId} ${lane}`
    for (;;) {
      const now = deps.clock()
      const window = Math.floor(now.getTime() / windowMs)
      const known = reservations.get(name)
      const held = known?.window === window ? known : { left: 0, window }
      if (held.left >= count) {
        if (isMade) held.left -= count
        return
      }
      // What was reserved in an earlier window and not made is given back: it would count in the wrong hour.
      const stale = known === undefined || known.window === window ? undefined : known
      reservations.set(name, held)
      const wish = { ...key, lane, count: count - held.left, now }
      const reserved = await deps.db.transaction().execute((tx) => reserve(tx, wish, stale))
      // Only now: others have made and reserved some meanwhile.
      held.left += reserved
      if (held.left < count) throw spent(wish, await listSpentWindows(deps.db, wish))
    }
  }
  return {
    of: (key) => ({
      take: (lane) => hold({ key, lane, count: 1, isMade: true }),
      require: async (lane, count) => {
        try {
          await hold({ key, lane, count, isMade: false })
        } catch (error) {
          if (!isAppError(error)) throw error
          throw new AppError(error.code, error.detail, { meta: { ...error.meta, untried: true } })
        }
      },
    }),
  }
}

type Hold = { key: BudgetKey; lane: RequestLane; count: number; isMade: boolean }

/** Answers how many were counted in advance: none where not all that is wished for is left. */
async function reserve(tx: Db, wish: Wish, stale: Reservation | undefined): Promise<number> {
  await lockRequestWindows(tx, wish)
  if (stale !== undefined && stale.left > 0)
    await addSpentRequests(tx, { ...wish, now: new Date(stale.window * windowMs), count: -stale.left })
  const windows = await listSpentWindows(tx, wish)
  const left = requestsLeft(
    wish.lane,
    windows.reduce((sum, window) => sum + window.spent, 0),
    requestsPerHourOf[wish.kind],
  )
  const count = left < wish.count ? 0 : Math.min(Math.max(reservedAtOnce, wish.count), left)
  if (count > 0) await addSpentRequests(tx, { ...wish, count })
  return count
}

function spent(wish: Wish, windows: readonly SpentWindow[]): AppError {
  const { lane, now } = wish
  const free = whenFree(windows, { ...wish, perHour: requestsPerHourOf[wish.kind] })
  const share = lane === 'person' || lane === 'webhook' ? 'All requests' : 'The share of background work'
  // A window that begins while we look is not free yet.
  const at = free > now ? free : new Date(rollingHour(now).present.getTime() + windowMs)
  return new AppError(
    'remote_rate_limited',
    `${share} that the remote allows in an hour is spent. The work waits and goes on by itself.`,
    { meta: { retry_after_s: Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000)) } },
  )
}
