import type { Queue } from '../jobs/queue.ts'
import { queueNames } from '../jobs/queues.ts'
import type { BackupJob } from '../store/backup-format.ts'

/** Puts jobs of a backup into the queue again. Jobs are wake-ups: one of a queue that is no more is left out, its rows are not. */
export async function resendJobs({ boss }: Queue, jobs: readonly BackupJob[]): Promise<number> {
  const known = new Set<string>(queueNames)
  let sent = 0
  for (const [name, group] of Map.groupBy(jobs, (job) => job.name)) {
    if (!known.has(name)) continue
    const rows = group.flatMap(({ data, priority, start_after, singleton_key }) =>
      typeof data !== 'object' || data === null
        ? []
        : [
            {
              data,
              priority,
              startAfter: new Date(start_after),
              ...(singleton_key !== null && { singletonKey: singleton_key }),
            },
          ],
    )
    await boss.insert(name, rows)
    sent += rows.length
  }
  return sent
}
