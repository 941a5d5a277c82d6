import { readConnection } from '../usecases/delivery/reading/read-connection.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { connectionData, type JobHandler } from './handler.ts'

/** Milliseconds one job reads; then it makes room and wishes for the next. */
const sliceMs = 60_000

/** What stops reading is no failure of the job: feeds carry where they stand, and the next round comes by itself. */
export function readFeedJob(deps: SyncDeps): JobHandler {
  return async (data) => {
    const key = connectionData.parse(data)
    const until = performance.now() + sliceMs
    const outcome = await readConnection(deps, { ...key, isOver: () => performance.now() > until })
    switch (outcome.kind) {
      case 'paused':
        return deps.enqueue(deps.db, [{ name: 'read-feed', data: key }])
      case 'stopped':
        return deps.log.info({ ...key, code: outcome.code, detail: outcome.detail }, 'reading waits')
      case 'done':
      case 'busy':
        return
      default:
        return outcome satisfies never
    }
  }
}
