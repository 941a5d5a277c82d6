import type { Db } from '../../../store/db.ts'
import { retellCommitReports } from '../../../store/sync/commit-reports.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'

/** Milliseconds in which further changes of a branch are told along. */
const settlesWithinMs = 20_000

/** Statuses moved, so what the remote was told of their commits is not so any more: it is told again in a moment. */
export async function retellCommits(
  deps: { enqueue: Enqueue },
  tx: Db,
  { organizationId, vulnerabilityIds, now }: { organizationId: string; vulnerabilityIds: readonly string[]; now: Date },
): Promise<void> {
  const at = new Date(now.getTime() + settlesWithinMs)
  const ids = await retellCommitReports(tx, { organizationId, vulnerabilityIds, at })
  if (ids.length === 0) return
  await deps.enqueue(
    tx,
    ids.map((id) => ({
      name: 'report-commit' as const,
      data: { organizationId, commitReportId: id },
      notBefore: at,
    })),
  )
}
