import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../lib/log.ts'
import type { Db } from '../../store/db.ts'
import type { Enqueue, Job } from '../../store/sync/jobs.ts'

type Stored = { organizationId: string; id: string }

/** What one slow delivery of a job keeps waiting. */
const deliveriesPerJob = 10
/** In a burst the first is worked on at once and the others come together: a job for each would cost more than they do. */
const pauseMs = 100

/**
 * Answers how to wake the worker for deliveries that are stored. Nobody waits for it: a wake-up that fails, or dies with
 * its process, is made up for by the sweep, which looks at the rows.
 */
export function createDeliveryWaker(deps: { db: Db; enqueue: Enqueue; log: Log }): (stored: readonly Stored[]) => void {
  const waiting: Stored[] = []
  let isRunning = false
  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      await deps.enqueue(deps.db, makeJobs(waiting.splice(0))).catch((error: unknown) => {
        deps.log.warn({ err: error }, 'the worker could not be woken for deliveries; the sweep will find them')
      })
      await sleep(pauseMs, undefined, { ref: false })
    }
    isRunning = false
  }
  return (stored) => {
    waiting.push(...stored)
    if (!isRunning && waiting.length > 0) void run()
  }
}

function makeJobs(deliveries: readonly Stored[]): Job[] {
  const jobs: Job[] = []
  for (const [organizationId, own] of Map.groupBy(deliveries, (delivery) => delivery.organizationId)) {
    const ids = own.map((delivery) => delivery.id)
    while (ids.length > 0)
      jobs.push({ name: 'process-deliveries', data: { organizationId, deliveryIds: ids.splice(0, deliveriesPerJob) } })
  }
  return jobs
}
