import type { SendQueue } from '../../../contract/remotes/send-queue.ts'
import { requestsLeft, requestsPerHourOf } from '../../domain/request-budget.ts'
import { forecastSends, sendLanes } from '../../domain/send-forecast.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionRow, findConnection } from '../../store/remotes/connections.ts'
import { remainingPauseMs } from '../../store/remotes/pause.ts'
import { countSpentByWebhooks, listSpentWindows } from '../../store/remotes/request-windows.ts'
import { averageRequests } from '../../store/sync/operation-requests.ts'
import { countWaitingSends, type WaitingSend } from '../../store/sync/waiting-sends.ts'
import { getTracker } from '../../trackers/registry.ts'

type Key = { organizationId: string; connectionId: string }

/** What waits at a connection and when it will have been sent, by the requests each kind takes. Throws `not_found`. */
export async function getSendQueue({ db, clock }: { db: Db; clock: Clock }, key: Key): Promise<SendQueue> {
  const connection = await findConnection(db, key)
  if (connection === undefined) throw new AppError('not_found', 'There is no such connection.')
  const now = clock()
  const waiting = await countWaitingSends(db, key)
  const windows = await listSpentWindows(db, { ...key, now })
  const eventsPerHour = await countSpentByWebhooks(db, { ...key, now })
  const needs = await readNeeds(db, key)
  const lanes = sendLanes.map((lane) => {
    const own = waiting.filter((one) => one.lane === lane)
    return { lane, waiting: sum(own.map(({ count }) => count)), requests: Math.round(sum(own.map(needs))) }
  })
  const [person = 0, status = 0, bulk = 0] = lanes.map(({ requests }) => requests)
  const requests = { person, status, bulk }
  const notBefore = new Date(now.getTime() + remainingPauseMs(connection.paused_until, now))
  const perHour = requestsPerHourOf[connection.kind]
  const forecast = { requests, windows, eventsPerHour, now, notBefore, perHour }
  const doneAt = canSend(connection) ? forecastSends(forecast) : null
  return {
    lanes,
    requests_per_hour: perHour,
    requests_left: requestsLeft('person', sum(windows.map(({ spent }) => spent)), perHour),
    done_at: doneAt?.toISOString() ?? null,
  }
}

/** Else a person has to do something first, or the remote has to come back. */
function canSend({ state, probe_at: probeAt }: ConnectionRow): boolean {
  return (state === 'active' || state === 'limited') && probeAt === null
}

/** Done of a kind before its average says more than what it takes on its plain way. */
const enoughDone = 20

/** How many requests waiting sends take: as many as the latest of their kind took, which is more where places were looked up. */
async function readNeeds(db: Db, key: Key): Promise<(waiting: WaitingSend) => number> {
  const averages = await averageRequests(db, key)
  return ({ tracker, kind, count }) => {
    const lately = averages.find((one) => one.tracker === tracker && one.kind === kind && one.count >= enoughDone)
    return (lately?.average ?? getTracker(tracker).requests[kind]) * count
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
