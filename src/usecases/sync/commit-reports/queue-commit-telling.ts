import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { findTellingFacts, queueCommitReport } from '../../../store/sync/commit-reports.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { readTelling } from './read-telling.ts'

export type ScannedCommit = {
  organizationId: string
  assetId: string
  branch: string
  importId: string
  commitHash: string | null
  pullRequestId: string | null
}

/** Wishes that the remote hear of the commit an applied import scanned, where the route of its branch says so. */
export async function queueCommitTelling(
  deps: { newId: NewId; clock: Clock; enqueue: Enqueue },
  tx: Db,
  scanned: ScannedCommit,
): Promise<void> {
  const { organizationId, commitHash, pullRequestId } = scanned
  if (commitHash === null && pullRequestId === null) return
  const facts = await findTellingFacts(tx, scanned)
  if (facts === undefined || facts.connection_state === 'disconnected') return
  const telling = await readTelling(tx, { organizationId, facts, branch: scanned.branch })
  if (telling === null) return
  const isCommitTold = commitHash !== null && (telling.report || telling.status !== 'off')
  if (!isCommitTold && !(pullRequestId !== null && telling.summary)) return
  const id = await queueCommitReport(tx, { ...scanned, id: deps.newId(), now: deps.clock() })
  await deps.enqueue(tx, [{ name: 'report-commit', data: { organizationId, commitReportId: id } }])
}
