import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { insertFeeds, listMissingFeeds } from '../../../store/delivery/feeds.ts'
import type { ConnectionKey } from '../../../store/remotes/connections.ts'

/** Feeds made in one go; what is left is made in the next round. */
const batch = 1000

/** Makes the feeds of repositories that are new, of one connection or (for the sweep) of all. */
export async function ensureFeeds(
  { db, clock, newId }: { db: Db; clock: Clock; newId: NewId },
  only?: ConnectionKey,
): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const missing = await listMissingFeeds(db, { limit: batch, ...(only !== undefined && { only }) })
    await insertFeeds(
      db,
      clock(),
      missing.map((one) => ({ ...one, id: newId() })),
    )
    if (missing.length < batch) return
  }
}
