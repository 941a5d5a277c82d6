import { pushDefect } from '../usecases/sync/push-defect.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { defectData, type JobHandler } from './handler.ts'

export function pushDefectJob(deps: SyncDeps): JobHandler {
  return async (data) => {
    await pushDefect(deps, defectData.parse(data))
  }
}
