import type { NewId } from '../lib/ids.ts'
import { ensureCommitFeeds, listDueCommitFeeds } from '../store/delivery/commit-feeds.ts'
import type { CommitDeps } from '../usecases/delivery/commits/commit-deps.ts'
import { removeMirrors } from '../usecases/delivery/commits/remove-mirrors.ts'
import type { Queue } from './queue.ts'

type SweepDeps = CommitDeps & { newId: NewId; queue: Pick<Queue, 'enqueueOnce'> }

const wakeAtMost = 500
const wakeEveryS = 60

/** Makes feeds of commits for what is new, wakes those that are due, and deletes copies nobody reads any more. */
export async function sweepCommits(deps: SweepDeps): Promise<void> {
  const now = deps.clock()
  await ensureCommitFeeds(deps.db, { newId: deps.newId, now, limit: wakeAtMost })
  const due = await listDueCommitFeeds(deps.db, { now, limit: wakeAtMost })
  await deps.queue.enqueueOnce(
    due.map((data) => ({ name: 'read-commits' as const, data })),
    wakeEveryS,
  )
  await removeMirrors(deps)
}
