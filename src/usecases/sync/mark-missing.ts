import type { DefectRow } from '../../store/sync/defects.ts'
import { updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { parseAgreed } from './agreed.ts'
import { remoteTitle } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

/** Records that an item is gone. A deletion is somebody's decision: it is never made again by itself. */
export async function markMissing(
  deps: WriteDeps,
  { defect, reason }: { defect: DefectRow; reason: string },
): Promise<void> {
  if (defect.link === 'missing') return
  const now = deps.clock()
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  await deps.db.transaction().execute(async (tx) => {
    const { missing_since: _, ...agreed } = parseAgreed(defect.agreed)
    await updateDefect(tx, { organizationId, id: defect.id, now }, { link: 'missing', linkReason: reason, agreed })
    const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
    const entry = { vulnerabilityId, kind: 'defect_missing' as const, actor, reason, defectId: defect.id }
    await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
    await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
  })
}
