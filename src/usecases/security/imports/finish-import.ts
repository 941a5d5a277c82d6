import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { type ImportContext, listVulnerabilitiesOfFindings } from '../../../store/security/findings.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { capThreads } from '../../sync/commit-reports/cap-threads.ts'
import { queueCommitTelling } from '../../sync/commit-reports/queue-commit-telling.ts'
import { queueSends } from '../../sync/queue-sends.ts'
import { chooseByPolicies } from '../send-by-policies.ts'
import { applyMoves, type Move } from '../vulnerabilities/apply-move.ts'
import { callToCritical } from '../vulnerabilities/call-to-critical.ts'
import type { Written } from './write-import.ts'

export type FinishInput = {
  context: ImportContext
  written: Written
  /** Vulnerabilities without an active finding. */
  closed: readonly string[]
  /** Findings of a pull request's scan that reached its target, and why that closes them here. */
  reached: { findingIds: readonly string[]; reason: string } | null
  toolName: string
  /** Whoever looked on in the browser, and so need not be called. */
  watcherId: string | null
  /** Of a pull request's scan. */
  pullRequestId: string | null
}

/**
 * The status moves an import causes, then what the remote hears of its commit and what policies send because of it. Answers
 * how many were queued for sending.
 */
export async function finishImport(
  deps: { newId: NewId; clock: Clock; enqueue: Enqueue },
  tx: Db,
  { context, written, closed, reached, toolName, watcherId, pullRequestId }: FinishInput,
): Promise<number> {
  const { organizationId, importId } = context
  const actor = { kind: 'scan', importId, name: toolName } as const
  const findingIds = [...written.reopenedFindings, ...written.suppressedFindings.map((finding) => finding.id)]
  const reachedIds = reached?.findingIds ?? []
  const vulnerabilities = await listVulnerabilitiesOfFindings(tx, organizationId, [...findingIds, ...reachedIds])
  const there = new Map(reachedIds.map((id) => [vulnerabilities.get(id), reached?.reason]))
  const reopened = written.reopenedFindings.flatMap((id) => vulnerabilities.get(id) ?? [])
  const moves = new Map<string, Move>()
  for (const vulnerabilityId of closed) {
    const reason = there.get(vulnerabilityId) ?? `No longer reported by ${toolName}`
    moves.set(vulnerabilityId, { vulnerabilityId, to: 'fixed', reason, importId })
  }
  for (const { id, reason } of written.suppressedFindings) {
    const vulnerabilityId = vulnerabilities.get(id)
    if (vulnerabilityId !== undefined)
      moves.set(vulnerabilityId, { vulnerabilityId, to: 'suppressed', reason, importId })
  }
  for (const vulnerabilityId of reopened)
    moves.set(vulnerabilityId, { vulnerabilityId, to: 'identified', reason: `Reported again by ${toolName}`, importId })
  await applyMoves(deps, tx, { organizationId, moves: [...moves.values()], actor, moveActor: 'scan' })
  const scan = { ...context, pullRequestId }
  await queueCommitTelling(deps, tx, scan)
  const found = { organizationId, vulnerabilityIds: written.newIds, by: toolName }
  await callToCritical(deps, tx, { ...found, exceptMemberId: watcherId, now: context.now })
  const candidates = {
    organizationId,
    vulnerabilityIds: [...written.newIds, ...reopened],
    because: 'appeared',
  } as const
  const wanted = await chooseByPolicies(deps, tx, candidates)
  if (wanted.length === 0) return 0
  const vulnerabilityIds = await capThreads(tx, scan, wanted)
  const { queued } = await queueSends(deps, tx, { organizationId, vulnerabilityIds, actor, lane: 'bulk' })
  return queued.length
}
