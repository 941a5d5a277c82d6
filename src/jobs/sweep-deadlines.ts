import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Db } from '../store/db.ts'
import { listStoppedRuns } from '../store/security/deadline-runs.ts'
import type { Enqueue } from '../store/sync/jobs.ts'
import { announceAcceptances } from '../usecases/security/deadlines/announce-acceptances.ts'
import { announceDeadlines } from '../usecases/security/deadlines/announce-deadlines.ts'
import type { Queue } from './queue.ts'

type SweepDeps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue; queue: Pick<Queue, 'enqueueOnce'> }

/** A batch of a walk takes far less: one that stands for longer has lost its job. */
const batchWithinMs = 60_000
const wakeAtMost = 500

/** Announces what time alone brought about, and wakes walks over deadlines whose job was lost. */
export async function sweepDeadlines(deps: SweepDeps): Promise<void> {
  const before = new Date(deps.clock().getTime() - batchWithinMs)
  const stopped = await listStoppedRuns(deps.db, { before, limit: wakeAtMost })
  await deps.queue.enqueueOnce(
    stopped.map((organizationId) => ({ name: 'set-deadlines' as const, data: { organizationId } })),
    batchWithinMs / 1000,
  )
  await announceAcceptances(deps)
  await announceDeadlines(deps)
}
