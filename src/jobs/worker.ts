import type { HttpClient } from '../lib/http-client.ts'
import type { MailTransport } from '../lib/mail-transport.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { OpenDatabase } from '../store/db.ts'
import { takeFirstStatistics } from '../store/first-statistics.ts'
import type { CommitDeps } from '../usecases/delivery/commits/commit-deps.ts'
import { computeChangedFigures } from '../usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../usecases/delivery/deployments/compute-deployments.ts'
import { readDueIncidents } from '../usecases/delivery/deployments/read-incidents.ts'
import { followChangedVulnerabilities } from '../usecases/delivery/remediation/follow-vulnerabilities.ts'
import { lookUpPlaces } from '../usecases/delivery/remediation/look-up-places.ts'
import { takeDailySnapshots } from '../usecases/delivery/snapshots/take-daily-snapshots.ts'
import { rescoreAssets } from '../usecases/security/risk/rescore-assets.ts'
import { composeDigests } from '../usecases/sync/calling/compose-calls.ts'
import { composeWeeks } from '../usecases/sync/calling/compose-weeks.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { createCallSender } from './call-sender.ts'
import { checkConnectionJob } from './check-connection.ts'
import type { ConnectionData, JobHandler, SetUpData } from './handler.ts'
import { createOutgoingSender } from './outgoing-sender.ts'
import { processDeliveriesJob } from './process-deliveries.ts'
import { pushDefectJob } from './push-defect.ts'
import type { Queue } from './queue.ts'
import { type QueueName, queueConcurrency, queueNames } from './queues.ts'
import { readCommitsJob } from './read-commits.ts'
import { readFeedJob } from './read-feed.ts'
import { reconcileConnectionJob } from './reconcile-connection.ts'
import { reportCommitJob } from './report-commit.ts'
import { runBulkChangeJob } from './run-bulk-change.ts'
import { setDeadlinesJob } from './set-deadlines.ts'
import { setUpRepositoriesJob } from './set-up-repositories.ts'
import { sweepDue, sweepLeftovers, sweepRounds } from './sweep.ts'
import { sweepCommits } from './sweep-commits.ts'
import { sweepDeadlines } from './sweep-deadlines.ts'
import { sweepFeeds } from './sweep-feeds.ts'

export type WorkerDeps = Omit<SyncDeps, 'enqueue'> & {
  queue: Queue
  preparedDb: OpenDatabase['preparedDb']
  http: HttpClient
  secretBox: SecretBox
  /** Undefined: no e-mail is sent. */
  mail: MailTransport | undefined
  git: CommitDeps['git']
  setUpRepositories: (input: SetUpData) => Promise<unknown>
  checkConnection: (input: ConnectionData) => Promise<unknown>
}

export type Worker = {
  /** Takes no new job, lets running ones end within the time limit, and hands the rest back to the queue. */
  stop: (options?: { timeoutMs?: number }) => Promise<void>
}

const sweepEveryMs = 5000
const outgoingEveryMs = 1000
const digestsEveryMs = 20_000
const roundsEveryMs = 60_000
const scoresEveryMs = 5000
const figuresEveryMs = 2000
const deploymentsEveryMs = 5000
const feedsEveryMs = 15_000
const statisticsEveryMs = 10_000
/** A day is taken once; this is how soon after its end, and how soon the rest of a long one. */
const snapshotsEveryMs = 10 * 60_000
const leftoversEveryMs = 3600_000

/** Seconds between looks without a NOTIFY, and with one as the normal way. Both are only a backstop. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5, heartbeatRefreshSeconds: 5 } as const

/** Starts working on all queues, and sweeping. The queue must be one made for a worker. */
export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  const { queue, log } = deps
  const handlers = listHandlers({ ...deps, enqueue: queue.enqueue }, deps)
  for (const name of queueNames)
    for (let slot = 0; slot < queueConcurrency[name]; slot += 1) await workOn(queue, name, handlers[name])
  const sender = createOutgoingSender(deps)
  const callSender = createCallSender(deps)
  const sweeps = [
    every(outgoingEveryMs, sender.look, log),
    every(outgoingEveryMs, callSender.look, log),
    every(digestsEveryMs, () => composeDigests(deps), log),
    every(roundsEveryMs, () => composeWeeks(deps), log),
    every(sweepEveryMs, () => sweepDue(deps), log),
    every(roundsEveryMs, () => sweepRounds(deps), log),
    every(scoresEveryMs, () => rescoreAssets(deps), log),
    every(figuresEveryMs, async () => void (await computeChangedFigures(deps)), log),
    every(deploymentsEveryMs, async () => void (await computeChangedDeployments(deps)), log),
    every(deploymentsEveryMs, async () => void (await followChangedVulnerabilities(deps)), log),
    every(feedsEveryMs, async () => void (await lookUpPlaces(deps)), log),
    every(feedsEveryMs, async () => void (await readDueIncidents(deps)), log),
    every(snapshotsEveryMs, async () => void (await takeDailySnapshots(deps)), log),
    every(roundsEveryMs, () => sweepDeadlines({ ...deps, enqueue: queue.enqueue }), log),
    every(feedsEveryMs, () => sweepFeeds(deps), log),
    every(feedsEveryMs, () => sweepCommits(deps), log),
    every(leftoversEveryMs, () => sweepLeftovers(deps), log),
    every(statisticsEveryMs, async () => void (await takeFirstStatistics(deps.db)), log),
  ]
  return {
    stop: async ({ timeoutMs } = {}) => {
      await Promise.all(sweeps.map((stop) => stop()))
      await Promise.all([sender.stop(), callSender.stop()])
      await queue.stop(timeoutMs === undefined ? {} : { timeoutMs })
    },
  }
}

/** One job at a time. Where one was, more may wait: the next look is at once, not at the next poll. */
async function workOn({ boss }: Queue, name: QueueName, handle: JobHandler): Promise<void> {
  const slot = { id: '' }
  slot.id = await boss.work(name, polling, async (jobs) => {
    boss.notifyWorker(slot.id)
    for (const job of jobs) await handle(job.data)
  })
}

function listHandlers(sync: SyncDeps, deps: WorkerDeps): Record<QueueName, JobHandler> {
  const pushDefect = pushDefectJob(sync)
  return {
    'process-deliveries': processDeliveriesJob({ ...sync, db: deps.preparedDb }),
    'push-defect': pushDefect,
    'push-defect-bulk': pushDefect,
    'reconcile-connection': reconcileConnectionJob(sync),
    'set-up-repositories': setUpRepositoriesJob(deps.setUpRepositories),
    'check-connection': checkConnectionJob(deps.log, deps.checkConnection),
    'set-deadlines': setDeadlinesJob(deps),
    'run-bulk-change': runBulkChangeJob(sync),
    'report-commit': reportCommitJob(sync),
    'read-feed': readFeedJob(sync),
    'read-commits': readCommitsJob(deps),
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
