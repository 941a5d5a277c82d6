import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { failSetUpsWithoutJob } from '../../store/remotes/set-up-jobs.ts'
import { announce } from '../../store/sync/live-events.ts'

const brokenOff =
  'This was broken off and is not tried again by itself. Choose the repositories again to go on; nothing is made twice.'

/** Says of set-ups whose job died for good that they failed, and how to go on. */
export async function endBrokenSetUps({ db, clock }: { db: Db; clock: Clock }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const ended = await failSetUpsWithoutJob(tx, { now: clock(), error: brokenOff })
    for (const { organizationId, connectionId } of ended)
      await announce(tx, organizationId, [{ kind: 'connection', connection_id: connectionId }])
  })
}
