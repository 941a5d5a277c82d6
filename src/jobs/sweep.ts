import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { deleteLeftovers, measureClockGapMs } from '../store/access/leftovers.ts'
import type { Db } from '../store/db.ts'
import { listConnectionsToCheck } from '../store/remotes/connections.ts'
import { listStandingBulkChanges } from '../store/security/bulk-changes.ts'
import { foldCounts } from '../store/security/vulnerability-counts.ts'
import { listDueCommitReports } from '../store/sync/commit-reports.ts'
import { listUnprocessedDeliveries } from '../store/sync/deliveries.ts'
import { listDueDefects } from '../store/sync/operations.ts'
import { queueFieldPushes } from '../store/sync/queue-field-pushes.ts'
import { listConnectionsToReconcile } from '../store/sync/reconcilable.ts'
import { warnOfEndingCredentials } from '../usecases/remotes/credential-expiry.ts'
import { endBrokenSetUps } from '../usecases/remotes/end-broken-set-ups.ts'
import { endDeadImports } from '../usecases/security/imports/end-dead-imports.ts'
import type { Queue } from './queue.ts'

type SweepDeps = { db: Db; clock: Clock; newId: NewId; queue: Pick<Queue, 'enqueueOnce'> }

/** Work due for longer than this has lost its job: a back-off ended, a worker died, a connection came back. */
const graceMs = 3000
/** Seconds within which the same work is woken once. */
const wakeEveryS = 15
const wakeAtMost = 500
const batchWithinMs = 60_000

const reconcileEveryMs = 4 * 60_000
const checkEveryMs = 60 * 60_000

/** Wakes what is due and has no job: rows are the truth, jobs are only wake-ups. */
export async function sweepDue({ db, clock, queue }: Omit<SweepDeps, 'newId'>): Promise<void> {
  const now = clock()
  const before = new Date(now.getTime() - graceMs)
  const defects = await listDueDefects(db, { before, now, limit: wakeAtMost })
  const deliveries = await listUnprocessedDeliveries(db, { before, now, limit: wakeAtMost })
  const reports = await listDueCommitReports(db, { before, now, limit: wakeAtMost })
  await queue.enqueueOnce(
    [
      ...deliveries.map(({ organizationId, deliveryId }) => ({
        name: 'process-deliveries' as const,
        data: { organizationId, deliveryIds: [deliveryId] },
      })),
      ...defects.map(({ lane, ...data }) => ({ name: 'push-defect' as const, data, lane })),
      ...reports.map((data) => ({ name: 'report-commit' as const, data })),
    ],
    wakeEveryS,
  )
  // A batch takes far less than this; a second job for one that only waits its turn does no harm.
  const standing = await listStandingBulkChanges(db, {
    before: new Date(now.getTime() - batchWithinMs),
    limit: wakeAtMost,
  })
  await queue.enqueueOnce(
    standing.map((data) => ({ name: 'run-bulk-change' as const, data })),
    batchWithinMs / 1000,
  )
}

/** Queues the rounds: reconciliation every few minutes, the check of each connection every hour. Says what was broken off. */
export async function sweepRounds({ db, clock, newId, queue }: SweepDeps): Promise<void> {
  const now = clock()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const toReconcile = await listConnectionsToReconcile(db, { before: ago(reconcileEveryMs), now, limit: wakeAtMost })
  await queue.enqueueOnce(
    toReconcile.map((data) => ({ name: 'reconcile-connection' as const, data })),
    reconcileEveryMs / 1000,
  )
  await queueFieldPushes({ clock, newId, enqueue: (_tx, jobs) => queue.enqueueOnce(jobs, wakeEveryS) }, db, {
    limit: wakeAtMost,
  })
  const toCheck = await listConnectionsToCheck(db, { before: ago(checkEveryMs), limit: wakeAtMost })
  await queue.enqueueOnce(
    toCheck.map((data) => ({ name: 'check-connection' as const, data })),
    checkEveryMs / 1000,
  )
  await warnOfEndingCredentials({ db, clock, newId })
  await endBrokenSetUps({ db, clock })
  await foldCounts(db)
  await endDeadImports({ db, clock })
}

/** Two machines' clocks that are kept right differ by less. */
const clockGapMs = 5 * 60_000

/** Forgets what has ended and nobody asks for any more; not while our clock and the database's disagree. */
export async function sweepLeftovers({
  db,
  clock,
  log,
}: Pick<SweepDeps, 'db' | 'clock'> & { log: Log }): Promise<void> {
  const gapMs = await measureClockGapMs(db, clock)
  if (gapMs <= clockGapMs) return deleteLeftovers(db, clock())
  log.warn({ gap_ms: gapMs }, "nothing old is deleted: the clock of this machine and the database's differ too much")
}
