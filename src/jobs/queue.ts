import { fromKysely, PgBoss } from 'pg-boss'
import type { Log } from '../lib/log.ts'
import type { Db } from '../store/db.ts'
import { keepAlive } from '../store/keep-alive.ts'
import type { Enqueue, Job } from '../store/sync/jobs.ts'
import { queueNames, queueOf, queueOptions } from './queues.ts'

/** The queue over our database. `boss` is for the worker alone; everybody else has `enqueue`. */
export type Queue = {
  enqueue: Enqueue
  /** Work that may be wished for twice within `everyS` seconds but is queued once. Used by the sweeps. */
  enqueueOnce: (jobs: readonly Job[], everyS: number) => Promise<void>
  boss: PgBoss
  stop: (options?: { timeoutMs?: number }) => Promise<void>
}

export type QueueOptions = {
  databaseUrl: string
  log: Log
  /** A worker listens, watches leases and cleans up; a sender (web process, CLI) only inserts. */
  role: 'sender' | 'worker'
}

/** Seconds between looks for jobs whose worker died; with a 20 s heartbeat such a job is free again within 40 s. */
const superviseS = 10

/** Opens the queue and makes what it needs in the database; any number of processes may do so at once. */
export async function createQueue({ databaseUrl, log, role }: QueueOptions): Promise<Queue> {
  const isWorker = role === 'worker'
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: `weir queue ${role}`,
    // Handed on to the pool.
    ...keepAlive,
    max: isWorker ? 4 : 2,
    supervise: isWorker,
    schedule: false,
    useListenNotify: isWorker,
    superviseIntervalSeconds: superviseS,
    monitorIntervalSeconds: superviseS,
    monitorVacuum: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue failed'))
  boss.on('warning', (warning) => log.warn({ warning }, 'the queue warns'))
  await boss.start()
  for (const name of queueNames) await boss.createQueue(name, queueOptions[name])
  return {
    enqueue: (tx, jobs) => insert(boss, jobs, { tx }),
    enqueueOnce: (jobs, everyS) => insert(boss, jobs, { everyS }),
    boss,
    stop: async ({ timeoutMs = 10_000 } = {}) => {
      await boss.stop({ graceful: isWorker, timeout: timeoutMs, close: true })
    },
  }
}

/** What a person wrote passes by the changes of status an import causes; both share a queue. */
const priorities = { person: 2, status: 1, bulk: 0 } as const

async function insert(boss: PgBoss, jobs: readonly Job[], how: { tx?: Db; everyS?: number }): Promise<void> {
  const byQueue = Map.groupBy(jobs, queueOf)
  for (const [name, group] of byQueue) {
    const rows = group.map((job) => ({
      data: job.data,
      ...(job.name === 'push-defect' && { priority: priorities[job.lane] }),
      ...(job.notBefore !== undefined && { startAfter: job.notBefore }),
      ...(how.everyS !== undefined && { singletonKey: keyOf(job), singletonSeconds: how.everyS }),
    }))
    await boss.insert(name, rows, how.tx === undefined ? {} : { db: fromKysely(how.tx) })
  }
}

function keyOf(job: Job): string {
  switch (job.name) {
    case 'process-deliveries':
      return job.data.deliveryIds.join(' ')
    case 'push-defect':
      return job.data.defectId
    case 'reconcile-connection':
    case 'set-up-repositories':
    case 'check-connection':
    case 'read-feed':
      return job.data.connectionId
    case 'read-commits':
      return job.data.feedId
    case 'set-deadlines':
      return job.data.organizationId
    case 'report-commit':
      return job.data.commitReportId
    case 'run-bulk-change':
      return job.data.bulkChangeId
    default:
      return job satisfies never
  }
}
