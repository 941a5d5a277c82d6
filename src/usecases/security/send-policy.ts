import type { BulkChange } from '../../../contract/security/bulk-changes.ts'
import { AppError } from '../../lib/app-error.ts'
import { setHeldBack, tryConditions } from '../../store/security/policies.ts'
import type { AuditActor } from '../access/audit.ts'
import type { WriteDeps } from '../sync/sync-deps.ts'
import type { Asker } from './bulk/bulk-request.ts'
import { createBulkChange } from './bulk/create-bulk-change.ts'
import { getPolicy, toConditions } from './policies.ts'

/** As many as a bulk change takes by their ids. */
const mostAtOnce = 10_000

/**
 * Sends what matches a policy and has no item yet, the worst first, as a bulk change. Throws `not_found`, `forbidden`, or
 * `conflict` where nothing is left.
 */
export async function sendPolicy(
  deps: WriteDeps,
  { asker, auditor, id }: { asker: Asker; auditor: AuditActor; id: string },
): Promise<BulkChange> {
  const { organizationId } = asker
  const now = deps.clock()
  const conditions = toConditions(await getPolicy(deps.db, { organizationId, id }))
  const trial = await tryConditions(deps.db, { organizationId, conditions, limit: mostAtOnce, now })
  const left = Math.max(0, trial.matching - trial.alreadySent - trial.ids.length)
  if (trial.ids.length === 0) {
    await setHeldBack(deps.db, { organizationId, id }, { left: 0, now })
    throw new AppError('conflict', 'Everything that matches this policy is sent already.')
  }
  const made = await createBulkChange(deps, { asker, auditor, request: { ids: trial.ids, change: { kind: 'send' } } })
  await setHeldBack(deps.db, { organizationId, id }, { left, now })
  return made
}
