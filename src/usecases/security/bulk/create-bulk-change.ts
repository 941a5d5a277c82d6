import type { BulkChange, ChangeRequest } from '../../../../contract/security/bulk-changes.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { countTarget, fixTarget, insertBulkChange } from '../../../store/security/bulk-changes.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { type Asker, requirePermitted, toStored, toTarget } from './bulk-request.ts'
import { getBulkChange } from './get-bulk-change.ts'
import { judgeGroups } from './judge-groups.ts'
import { listNeeds } from './preview-bulk-change.ts'
import { type StoredChange, summarise } from './stored-change.ts'

/** More is a decision about a filter, not about vulnerabilities. */
const mostAtOnce = 100_000

export type CreateInput = { asker: Asker; auditor: AuditActor; request: ChangeRequest }

/**
 * Settles which vulnerabilities are meant and queues the work on them. Throws `forbidden`, `validation_failed`,
 * `not_found` for an unknown id, or `reason_required` where the table of moves asks for more than was said.
 */
export async function createBulkChange(deps: WriteDeps, input: CreateInput): Promise<BulkChange> {
  const { asker } = input
  const id = deps.newId()
  await deps.db.transaction().execute((tx) => create(deps, tx, { ...input, id }))
  return getBulkChange(deps, { asker, id })
}

async function create(
  deps: WriteDeps,
  tx: Db,
  { asker, auditor, request, id }: CreateInput & { id: string },
): Promise<void> {
  const { organizationId, memberId, name, tokenId } = asker
  const now = deps.clock()
  const scope = { organizationId, memberId, now }
  const moveActor = requirePermitted(asker, request.change)
  const change = await toStored(deps, tx, { organizationId, change: request.change })
  const target = toTarget(request)
  await requireTarget(tx, scope, target)
  const needs =
    change.kind === 'move' ? listNeeds(await judgeGroups(deps, tx, { scope, target, change, moveActor })) : []
  if (needs.length > 0) throw new AppError('reason_required', describeNeeds(needs), { meta: { missing: needs } })
  const { kind } = change
  const filters = request.filters ?? null
  const row = { organizationId, id, memberId, memberName: name, tokenId, kind, change, filters, undoes: null, now }
  await insertBulkChange(tx, row)
  const total = await fixTarget(tx, { ...scope, id, kind }, target)
  await startBulkChange(deps, tx, { organizationId, id, auditor, change, total, action: 'bulk_change.started' })
}

async function requireTarget(
  tx: Db,
  scope: { organizationId: string; memberId: string; now: Date },
  target: ReturnType<typeof toTarget>,
): Promise<void> {
  const found = await countTarget(tx, scope, target)
  if (target.kind === 'ids' && found < target.ids.length)
    throw new AppError('not_found', `${target.ids.length - found} of these vulnerabilities are not here.`)
  if (found === 0) throw new AppError('validation_failed', 'No vulnerability matches these filters any more.')
  if (found > mostAtOnce)
    throw new AppError(
      'validation_failed',
      `${found} vulnerabilities match; at most ${mostAtOnce} are changed at once. Narrow the filters.`,
    )
}

function describeNeeds(needs: ReturnType<typeof listNeeds>): string {
  const wanted = needs.map((need) =>
    need === 'reason' ? 'the reason' : 'the day on which the risk is looked at again',
  )
  return `Say ${wanted.join(' and ')}.`
}

type Start = {
  organizationId: string
  id: string
  auditor: AuditActor
  change: StoredChange
  total: number
  action: 'bulk_change.started' | 'bulk_change.undone'
}

/** Notes in the audit log that it begins, and wakes the worker. */
export async function startBulkChange(deps: WriteDeps, tx: Db, start: Start): Promise<void> {
  const { organizationId, id, auditor, change, total, action } = start
  await recordAudit(deps, tx, {
    organizationId,
    actor: auditor,
    action,
    target: { kind: 'bulk_change', id },
    after: { change: summarise(change), vulnerabilities: total },
  })
  await deps.enqueue(tx, [{ name: 'run-bulk-change', data: { organizationId, bulkChangeId: id } }])
}
