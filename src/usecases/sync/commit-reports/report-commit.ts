import { findCommitHash, putBuildStatus, replaceCommitReport } from '../../../bitbucket/commit-report.ts'
import {
  inVisibleRepository,
  type RepositoryPlace,
  repositoryPathOf,
} from '../../../bitbucket/require-visible-repository.ts'
import {
  annotationsAtMost,
  type CommitTold,
  composeAnnotations,
  composeBuildStatus,
  composeReport,
} from '../../../domain/commit-report.ts'
import { isAppError } from '../../../lib/app-error.ts'
import { insertImportLog, toLogLine } from '../../../store/security/import-log.ts'
import {
  type CommitReportRow,
  claimCommitReport,
  countOpenOfBranch,
  findCommitReport,
  findTellingFacts,
  listOpenOfBranch,
  noteReported,
  settleCommitReport,
} from '../../../store/sync/commit-reports.ts'
import { isDue } from '../../../store/sync/due.ts'
import { announce } from '../../../store/sync/live-events.ts'
import type { Telling } from '../../../trackers/tracker.ts'
import { judgeBranch } from '../../security/risk/judge-branch.ts'
import { judgeFailure } from '../judge-failure.ts'
import type { SyncDeps } from '../sync-deps.ts'
import { readTelling } from './read-telling.ts'
import { redactTold } from './redact-told.ts'
import { writeSummary } from './write-summary.ts'

export type ReportCommitInput = { organizationId: string; commitReportId: string }

/** After this long nobody waits for the report of a commit any more. */
const givenUpAfterMs = 24 * 3_600_000

/** Seconds between looks while the connection cannot work. */
const waitingS = 600

/** Tells the remote about the commit an import scanned: report, build status, summary; one worker at a time. */
export async function reportCommit(deps: SyncDeps, input: ReportCommitInput): Promise<void> {
  const key = { organizationId: input.organizationId, id: input.commitReportId }
  // Whoever finds the lock taken leaves; so its holder looks again after giving it back.
  for (;;) {
    const row = await findCommitReport(deps.db, key)
    if (row?.state !== 'queued' || !isDue(row.next_attempt_at, deps.clock())) return
    const outcome = await deps.locks.tryWith(`commit-report:${key.organizationId}:${key.id}`, () => attempt(deps, key))
    if (outcome.kind === 'busy') return
  }
}

async function attempt(deps: SyncDeps, key: { organizationId: string; id: string }): Promise<void> {
  const row = await claimCommitReport(deps.db, key)
  if (row === undefined) return
  try {
    const note = await tell(deps, row)
    await settleCommitReport(
      deps.db,
      { ...key, version: row.version, now: deps.clock() },
      { state: 'done', error: note },
    )
  } catch (error) {
    await settle(deps, row, error)
  }
}

/** Answers what was left out, in a sentence, or null. */
async function tell(deps: SyncDeps, row: CommitReportRow): Promise<string | null> {
  const { organization_id: organizationId, asset_id: assetId, branch } = row
  const facts = await findTellingFacts(deps.db, { organizationId, assetId })
  const telling = facts === undefined ? null : await readTelling(deps.db, { organizationId, facts, branch })
  if (facts === undefined || telling === null) return 'The route of this branch leads elsewhere by now.'
  const { client } = await deps.connect({ organizationId, connectionId: facts.connection_id })
  const repositoryPath = repositoryPathOf({ workspaceUuid: facts.workspace_uuid, remoteUuid: facts.remote_uuid })
  const place = { client, lane: 'bulk' as const, repositoryPath }
  const told = await readTold(deps, row, telling)
  const isCommitKnown =
    row.commit_hash === null || (await tellCommit(deps, { row, telling, told, place, hash: row.commit_hash }))
  if (row.pull_request_id !== null && telling.summary)
    await writeSummary(deps, { organizationId, assetId, pullRequestId: row.pull_request_id, told, place })
  return isCommitKnown ? null : `Bitbucket does not know the commit ${row.commit_hash ?? ''}.`
}

async function readTold(deps: SyncDeps, row: CommitReportRow, telling: Telling): Promise<CommitTold> {
  const { organization_id: organizationId, asset_id: assetId, branch } = row
  const place = { organizationId, assetId, branch }
  const listed = await listOpenOfBranch(deps.db, { ...place, limit: annotationsAtMost })
  const worst = await redactTold(deps.db, { organizationId, worst: listed, sendsCode: telling.sendsCode })
  const gate =
    telling.status === 'follows_gate' ? await judgeBranch(deps, { organizationId, asset: assetId, branch }) : null
  const query = new URLSearchParams({ asset_id: assetId, branch })
  return {
    counts: await countOpenOfBranch(deps.db, place),
    worst: worst.map((one) => ({ ...one, url: `${deps.publicUrl}/vulnerabilities/${one.id}` })),
    listUrl: `${deps.publicUrl}/vulnerabilities?${query.toString()}`,
    isPullRequest: row.pull_request_id !== null,
    gate: gate === null ? null : gate.verdict === 'failed' ? 'failed' : 'passed',
  }
}

type CommitTelling = { row: CommitReportRow; telling: Telling; told: CommitTold; place: RepositoryPlace; hash: string }

/** False when the repository does not have the commit: it was scanned before it was pushed, or rewritten since. */
async function tellCommit(deps: SyncDeps, { row, telling, told, place, hash: given }: CommitTelling): Promise<boolean> {
  if (!telling.report && telling.status === 'off') return true
  const hash = await inVisibleRepository(place, () => findCommitHash(place, given))
  if (hash === undefined) return false
  if (telling.report) {
    // Before it is sent: a commit that may carry our report may carry annotations that are none any more.
    if (row.reported_hash !== hash)
      await noteReported(deps.db, { organizationId: row.organization_id, id: row.id, hash })
    await replaceCommitReport(place, {
      hash,
      report: composeReport(told),
      annotations: composeAnnotations(told),
      isKnown: row.reported_hash === hash,
    })
  }
  if (telling.status !== 'off') await putBuildStatus(place, { hash, status: composeBuildStatus(told, row.branch) })
  return true
}

async function settle(deps: SyncDeps, row: CommitReportRow, error: unknown): Promise<void> {
  const { organization_id: organizationId, id, import_id: importId } = row
  if (!isAppError(error)) deps.log.error({ err: error, commit_report_id: id }, 'a commit report failed unexpectedly')
  const verdict = judgeFailure(error, row.attempts)
  const { code, sentence } = verdict
  const now = deps.clock()
  const key = { organizationId, id, version: row.version, now }
  const isOver = now.getTime() - row.queued_at.getTime() >= givenUpAfterMs
  if (verdict.kind === 'later' && !isOver && !isRefused(error)) {
    // Nothing wakes it when the connection works again, and a look at one that does not is for nothing.
    const seconds = verdict.state === 'waiting' ? Math.max(verdict.seconds, waitingS) : verdict.seconds
    const nextAttemptAt = new Date(now.getTime() + seconds * 1000)
    return settleCommitReport(deps.db, key, { state: 'queued', code, error: sentence, nextAttemptAt })
  }
  const detail = `Bitbucket was not told about this commit: ${sentence}`
  await deps.db.transaction().execute(async (tx) => {
    await settleCommitReport(tx, key, { state: 'failed', code, error: sentence })
    await insertImportLog(tx, { organizationId, importId }, [toLogLine('warned', now, { detail })])
    await announce(tx, organizationId, [{ kind: 'delivery' }])
  })
}

/** The credential does not allow it: the next import tries again, nothing waits for it. */
function isRefused(error: unknown): boolean {
  return isAppError(error, 'scope_missing') || isAppError(error, 'remote_forbidden')
}
