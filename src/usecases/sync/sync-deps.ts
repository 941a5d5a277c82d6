import type { RequestNeed } from '../../domain/request-budget.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import type { SessionLocks } from '../../store/session-locks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import type { Remember } from '../../trackers/tracker.ts'
import type { OpenConnection, OpenJiraConnection } from '../remotes/open-connection.ts'

/** `onRequest` is called before each request that is made; work is not begun with fewer left than it `needs`. */
type Counted = ConnectionKey & { onRequest?: () => void; needs?: RequestNeed | undefined }

/** Opens a connection for use: credential unsealed and renewed, budget counted. Throws remote_* when it cannot work. */
type Connect = (key: Counted) => Promise<OpenConnection>
type ConnectJira = (key: Counted) => Promise<OpenJiraConnection>

/** What writing our own rows needs. */
export type WriteDeps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

/** What talking to trackers needs besides. */
export type SyncDeps = WriteDeps & {
  log: Log
  locks: SessionLocks
  connect: Connect
  connectJira: ConnectJira
  /** Address of this Weir as people type it, without a trailing slash. */
  publicUrl: string
  remember: Remember
  /** Opens the files that go out with messages. */
  secretBox: SecretBox
}

/** The lock under which everything about one item happens, outbound and inbound. */
export function defectLock(key: { organizationId: string; defectId: string }): string {
  return `defect:${key.organizationId}:${key.defectId}`
}
