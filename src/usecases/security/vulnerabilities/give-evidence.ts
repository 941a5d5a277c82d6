import type { Actor } from '../../../domain/actor.ts'
import type { Status } from '../../../domain/status.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { giveToDecision } from '../../../store/security/evidence-files.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'

type Given = {
  organizationId: string
  id: string
  actor: Actor
  to: Status
  evidence_file_ids?: readonly string[] | undefined
}

/**
 * Marks files as what a decision leans on, in the transaction of its move. Throws `validation_failed` for files that are
 * not (or no longer) of the vulnerability, and for a move that is no such decision.
 */
export async function giveEvidence(deps: { newId: NewId; clock: Clock }, tx: Db, input: Given): Promise<void> {
  const { organizationId, id, actor, to } = input
  const ids = [...new Set(input.evidence_file_ids)]
  if (ids.length === 0) return
  if (to !== 'risk_accepted' && to !== 'false_positive')
    throw new AppError(
      'validation_failed',
      'evidence_file_ids: only an accepted risk or a false positive leans on files.',
    )
  const files = await giveToDecision(tx, { organizationId, vulnerabilityId: id, ids, decision: to })
  if (files.length < ids.length)
    throw new AppError('validation_failed', 'evidence_file_ids: one of them is no file of this vulnerability.')
  const after = { decision: to, files: files.toSorted().join(', ') }
  const event = {
    id: deps.newId(),
    vulnerability_id: id,
    kind: 'evidence_given' as const,
    reason: null,
    before: null,
    after,
  }
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, now: deps.clock() }, [event])
}
