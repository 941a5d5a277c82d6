import type { MirrorLimits } from '../../../git/mirror-folder.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Log } from '../../../lib/log.ts'
import type { Db } from '../../../store/db.ts'
import type { ConnectionKey } from '../../../store/remotes/connections.ts'
import type { GitAccess } from '../../remotes/open-connection.ts'

/** What reading with git needs. */
export type CommitDeps = {
  db: Db
  clock: Clock
  newId: NewId
  log: Log
  git: {
    folder: string
    limits: MirrorLimits
    allowedPrivateAddresses: readonly string[]
    /** Ends what runs: this process stops. */
    signal?: AbortSignal
    /** Opens the connection's credential, renewed where it had ended. Throws remote_* when it cannot be used. */
    open: (key: ConnectionKey) => Promise<GitAccess>
  }
}
