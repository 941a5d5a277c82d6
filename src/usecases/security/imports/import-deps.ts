import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'

/** What taking a report in needs. `tempFolder` is ours alone; uploads lie there while they are read. */
export type ImportDeps = {
  db: Db
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  secretBox: SecretBox
  tempFolder: string
  /** Days for which the report of an applied import is kept; 0 keeps none. */
  keepFileDays: number
  limits: { maxReportBytes: number; maxResults: number }
}
