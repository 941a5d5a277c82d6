import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Db } from '../store/db.ts'
import { listConnectionsToRead } from '../store/delivery/feeds.ts'
import { ensureFeeds } from '../usecases/delivery/reading/ensure-feeds.ts'
import type { Queue } from './queue.ts'

type SweepDeps = { db: Db; clock: Clock; newId: NewId; queue: Pick<Queue, 'enqueueOnce'> }

const wakeAtMost = 500
/** A connection whose share of the hour is spent is asked this often, in seconds, whether there is some again. */
const wakeEveryS = 30

/** Makes feeds for what is new, and wakes the reading of what is due. */
export async function sweepFeeds({ db, clock, newId, queue }: SweepDeps): Promise<void> {
  await ensureFeeds({ db, clock, newId })
  const connections = await listConnectionsToRead(db, { now: clock(), limit: wakeAtMost })
  await queue.enqueueOnce(
    connections.map((data) => ({ name: 'read-feed' as const, data })),
    wakeEveryS,
  )
}
