import { isAppError } from '../lib/app-error.ts'
import { reconcileConnection } from '../usecases/sync/reconcile-connection.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { type JobHandler, reconcileData } from './handler.ts'

/** A connection that cannot work is no failure of the job: its state says so, and the next round comes by itself. */
export function reconcileConnectionJob(deps: SyncDeps): JobHandler {
  return async (data) => {
    const { full, memberName, ...connection } = reconcileData.parse(data)
    const input = {
      ...connection,
      ...(full !== undefined && { full }),
      ...(memberName !== undefined && { memberName }),
    }
    try {
      const outcome = await reconcileConnection(deps, input)
      if (outcome.repaired > 0) deps.log.info({ ...input, ...outcome }, 'reconciliation repaired something')
    } catch (error) {
      if (!isAppError(error)) throw error
      deps.log.warn({ ...input, code: error.code, detail: error.detail }, 'a connection could not be reconciled')
    }
  }
}
