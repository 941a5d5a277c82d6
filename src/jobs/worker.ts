import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { checkConnectionJob } from './check-connection.ts'
import type { ConnectionData, JobHandler, SetUpData } from './handler.ts'
import { processDeliveryJob } from './process-delivery.ts'
import { pushDefectJob } from './push-defect.ts'
import type { Queue } from './queue.ts'
import { type QueueName, queueConcurrency, queueNames } from './queues.ts'
import { reconcileConnectionJob } from './reconcile-connection.ts'
import { setUpRepositoriesJob } from './set-up-repositories.ts'
import { sweepDue, sweepRounds } from './sweep.ts'

export type WorkerDeps = Omit<SyncDeps, 'enqueue'> & {
  queue: Queue
  setUpRepositories: (input: SetUpData) => Promise<unknown>
  checkConnection: (input: ConnectionData) => Promise<unknown>
}

export type Worker = {
  /** Takes no new job, lets running ones end within the time limit, and hands the rest back to the queue. */
  stop: (options?: { timeoutMs?: number }) => Promise<void>
}

const sweepEveryMs = 5000
const roundsEveryMs = 60_000

/** Seconds between looks without a NOTIFY, and with one as the normal way. Both are only a backstop. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5, heartbeatRefreshSeconds: 5 } as const

/** Starts working on all queues, and sweeping. The queue must be one made for a worker. */
export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  const { queue, log } = deps
  const handlers = listHandlers({ ...deps, enqueue: queue.enqueue }, deps)
  for (const name of queueNames) {
    const handle = handlers[name]
    await queue.boss.work(name, { ...polling, localConcurrency: queueConcurrency[name] }, async (jobs) => {
      for (const job of jobs) await handle(job.data)
    })
  }
  const sweeps = [every(sweepEveryMs, () => sweepDue(deps), log), every(roundsEveryMs, () => sweepRounds(deps), log)]
  return {
    stop: async ({ timeoutMs } = {}) => {
      await Promise.all(sweeps.map((stop) => stop()))
      await queue.stop(timeoutMs === undefined ? {} : { timeoutMs })
    },
  }
}

function listHandlers(sync: SyncDeps, deps: WorkerDeps): Record<QueueName, JobHandler> {
  const pushDefect = pushDefectJob(sync)
  return {
    'process-delivery': processDeliveryJob(sync),
    'push-defect': pushDefect,
    'push-defect-bulk': pushDefect,
    'reconcile-connection': reconcileConnectionJob(sync),
    'set-up-repositories': setUpRepositoriesJob(deps.setUpRepositories),
    'check-connection': checkConnectionJob(deps.log, deps.checkConnection),
  }
}

/** Runs `work` now and then every `ms` after it ended; answers how to stop, which waits for a running one. */
function every(ms: number, work: () => Promise<void>, log: SyncDeps['log']): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running = Promise.resolve()
  const run = (): void => {
    running = work()
      .catch((error: unknown) => log.error({ err: error }, 'a sweep failed'))
      .finally(() => {
        if (!isStopped) timer = setTimeout(run, ms)
      })
  }
  run()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await running
  }
}
