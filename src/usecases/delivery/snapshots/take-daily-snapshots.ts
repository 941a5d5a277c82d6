import type { Clock } from '../../../lib/clock.ts'
import { metrics } from '../../../metrics/registry.ts'
import { isKept, takeSnapshots } from '../../../metrics/snapshots.ts'
import type { Db } from '../../../store/db.ts'
import {
  hasMarkedDays,
  listOrganizationsToSnapshot,
  lockSnapshots,
  markEndedDays,
  noteTaken,
  takeMarkedDays,
} from '../../../store/delivery/snapshots/snapshot-days.ts'
import { forEachOrganization } from '../each-organization.ts'

type Deps = { db: Db; clock: Clock }

/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const batchesAtMost = 20

/**
 * Once a day in each organization: keeps what every figure showed of the day before, and takes days anew that something
 * was learned of late, each as a new version beside the old. A month of days in a transaction. Safe to run twice, and in
 * several processes. Answers how many rows were new.
 */
export async function takeDailySnapshots({ db, clock }: Deps): Promise<number> {
  const now = clock()
  const today = now.toISOString().slice(0, 10)
  return forEachOrganization(await listOrganizationsToSnapshot(db, today), async (organizationId) => {
    const key = { organizationId, today, now }
    let count = 0
    if (!(await db.transaction().execute((tx) => beginDay(tx, key)))) return count
    for (let batch = 0; batch < batchesAtMost; batch += 1) {
      const { isOver, added } = await db.transaction().execute((tx) => takeBatch(tx, key))
      count += added
      if (isOver) break
    }
    return count
  })
}

type Key = { organizationId: string; today: string; now: Date }

async function beginDay(tx: Db, key: Key): Promise<boolean> {
  if (!(await lockSnapshots(tx, key))) return false
  await markEndedDays(tx, key)
  return true
}

async function takeBatch(tx: Db, key: Key): Promise<{ isOver: boolean; added: number }> {
  if (!(await lockSnapshots(tx, key))) return { isOver: true, added: 0 }
  const days = await takeMarkedDays(tx, key)
  let added = 0
  for (const metric of metrics.filter(isKept)) added += await takeSnapshots(tx, metric, { ...key, days })
  const isOver = !(await hasMarkedDays(tx, key))
  if (isOver) await noteTaken(tx, key)
  return { isOver, added }
}
