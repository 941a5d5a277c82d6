import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { type DefectRow, findDefect, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { getTracker } from '../../trackers/registry.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import type { WriteDeps } from './sync-deps.ts'

export type UnlinkItemInput = { organizationId: string; defectId: string; actor: AuditActor & { kind: 'member' } }

/**
 * Parts a vulnerability from its item. The item stays at the tracker without our mark, the thread and the history stay
 * here; what happens there is none of ours from now on. Throws `not_found`, or `conflict` for what is not there yet, or no more.
 */
export async function unlinkItem(deps: WriteDeps, input: UnlinkItemInput): Promise<void> {
  const { organizationId } = input
  const found = await findDefect(deps.db, { organizationId, id: input.defectId })
  if (found === undefined) throw new AppError('not_found', 'There is no such item.')
  await deps.db.transaction().execute((tx) => unlink(deps, tx, { input, vulnerabilityId: found.vulnerability_id }))
}

type Unlinking = { input: UnlinkItemInput; vulnerabilityId: string }

async function unlink(deps: WriteDeps, tx: Db, { input, vulnerabilityId }: Unlinking): Promise<void> {
  const { organizationId, actor } = input
  const now = deps.clock()
  // The vulnerability first, as everybody else: ending an item writes in its row.
  await lockVulnerabilities(tx, organizationId, [vulnerabilityId])
  const defect = await findDefect(tx, { organizationId, id: input.defectId })
  if (defect === undefined) throw new AppError('not_found', 'There is no such item.')
  refuse(defect)
  const reason = `Parted by ${actor.name}.`
  const change = { link: 'ended' as const, linkReason: reason, endedAt: now, unlinkedAt: now }
  await updateDefect(tx, { organizationId, id: defect.id, now }, change)
  const id = deps.newId()
  await insertOperations(tx, [
    {
      organizationId,
      id,
      kind: 'release_item',
      key: `release_item:${id}`,
      lane: 'person',
      vulnerabilityId,
      defectId: defect.id,
      messageId: null,
      connectionId: defect.connection_id,
      payload: {},
      now,
    },
  ])
  const told = { kind: 'member' as const, memberId: actor.memberId, name: actor.name, tokenId: actor.tokenId }
  const before = { tracker: defect.tracker, url: defect.url }
  const entry = { vulnerabilityId, kind: 'defect_unlinked' as const, actor: told, before, defectId: defect.id }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  const target = { kind: 'vulnerability', id: vulnerabilityId }
  await recordAudit(deps, tx, { organizationId, actor, action: 'defect.unlinked', target, before })
  await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId: defect.id }, lane: 'person' }])
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'delivery' },
  ])
}

function refuse(defect: DefectRow): void {
  if (!getTracker(defect.tracker).capabilities.links)
    throw new AppError('conflict', 'What Weir wrote there stays its own: close it or let it be.')
  if (defect.ended_at !== null) throw new AppError('conflict', 'The two are parted already.')
  if (defect.remote_id === null)
    throw new AppError(
      'conflict',
      'It is still being sent. Wait until it is there, or skip it in the log of deliveries.',
    )
}
