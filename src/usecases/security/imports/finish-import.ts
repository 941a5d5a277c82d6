import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { type ImportContext, listVulnerabilitiesOfFindings } from '../../../store/security/findings.ts'
import { listWantedByPolicies } from '../../../store/security/policies.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { queueSends } from '../../sync/queue-sends.ts'
import { applyMoves, type Move } from '../vulnerabilities/apply-move.ts'
import type { Written } from './write-import.ts'

export type FinishInput = {
  context: ImportContext
  written: Written
  /** Vulnerabilities without an active finding. */
  closed: readonly string[]
  toolName: string
}

/** The status moves an import causes, then what policies send because of it. Answers how many were queued for sending. */
export async function finishImport(
  deps: { newId: NewId; clock: Clock; enqueue: Enqueue },
  tx: Db,
  { context, written, closed, toolName }: FinishInput,
): Promise<number> {
  const { organizationId, importId } = context
  const actor = { kind: 'scan', importId, name: toolName } as const
  const findingIds = [...written.reopenedFindings, ...written.suppressedFindings.map((finding) => finding.id)]
  const vulnerabilities = await listVulnerabilitiesOfFindings(tx, organizationId, findingIds)
  const reopened = written.reopenedFindings.flatMap((id) => vulnerabilities.get(id) ?? [])
  const moves = new Map<string, Move>()
  for (const vulnerabilityId of closed)
    moves.set(vulnerabilityId, { vulnerabilityId, to: 'fixed', reason: `No longer reported by ${toolName}`, importId })
  for (const { id, reason } of written.suppressedFindings) {
    const vulnerabilityId = vulnerabilities.get(id)
    if (vulnerabilityId !== undefined)
      moves.set(vulnerabilityId, { vulnerabilityId, to: 'suppressed', reason, importId })
  }
  for (const vulnerabilityId of reopened)
    moves.set(vulnerabilityId, { vulnerabilityId, to: 'identified', reason: `Reported again by ${toolName}`, importId })
  await applyMoves(deps, tx, { organizationId, moves: [...moves.values()], actor, moveActor: 'scan' })
  const wanted = await listWantedByPolicies(tx, organizationId, [...written.newIds, ...reopened])
  if (wanted.length === 0) return 0
  const { queued } = await queueSends(deps, tx, { organizationId, vulnerabilityIds: wanted, actor, lane: 'bulk' })
  return queued.length
}
