import { reportCommit } from '../usecases/sync/commit-reports/report-commit.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { commitReportData, type JobHandler } from './handler.ts'

export function reportCommitJob(deps: SyncDeps): JobHandler {
  return async (data) => reportCommit(deps, commitReportData.parse(data))
}
