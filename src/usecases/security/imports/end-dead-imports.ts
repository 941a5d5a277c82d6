import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { insertImportLog, toLogLine } from '../../../store/security/import-log.ts'
import { endDeadImports as endInStore } from '../../../store/security/import-progress.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { brokenOff } from './begin-import.ts'

/** Says of imports whose process was killed that they failed; nothing of them was written. */
export async function endDeadImports({ db, clock }: { db: Db; clock: Clock }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const now = clock()
    const ended = await endInStore(tx, { reason: brokenOff, now })
    for (const { organizationId, importId } of ended) {
      await insertImportLog(tx, { organizationId, importId }, [toLogLine('failed', now, { detail: brokenOff })])
      await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
    }
  })
}
