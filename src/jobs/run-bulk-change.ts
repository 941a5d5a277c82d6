import { type BulkDeps, runBulkChange } from '../usecases/security/bulk/run-bulk-change.ts'
import { bulkChangeData, type JobHandler } from './handler.ts'

export function runBulkChangeJob(deps: BulkDeps): JobHandler {
  return async (data) => {
    await runBulkChange(deps, bulkChangeData.parse(data))
  }
}
