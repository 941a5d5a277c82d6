import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import type { Db } from '../../store/db.ts'
import type { SessionLocks } from '../../store/session-locks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import type { Remember } from '../../trackers/tracker.ts'
import type { OpenConnection } from '../remotes/open-connection.ts'

/** Opens a connection for use: credential unsealed and renewed, budget counted. Throws remote_* when it cannot work. */
type Connect = (input: { organizationId: string; connectionId: string }) => Promise<OpenConnection>

/** What writing our own rows needs. */
export type WriteDeps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

/** What talking to trackers needs besides. */
export type SyncDeps = WriteDeps & {
  log: Log
  locks: SessionLocks
  connect: Connect
  /** Address of this Weir as people type it, without a trailing slash. */
  publicUrl: string
  remember: Remember
}

/** The lock under which everything about one item happens, outbound and inbound. */
export function defectLock(key: { organizationId: string; defectId: string }): string {
  return `defect:${key.organizationId}:${key.defectId}`
}
