import type { Actor } from '../../domain/actor.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { TrackerItem } from '../../trackers/tracker.ts'
import { parseKept } from './kept-fields.ts'
import { remoteTitle } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

type Seen = { defect: DefectRow; item: TrackerItem; actor: Actor }

/** The priority people set at the remote stands there; that they did is history here. Answers what happened, if anything did. */
export async function receivePriority(
  deps: WriteDeps,
  tx: Db,
  { defect, item, actor }: Seen,
): Promise<string | undefined> {
  const kept = parseKept(defect.kept)
  const shown = item.shown?.priority
  if (kept === undefined || shown === undefined || shown === null) return undefined
  const before = kept.told ?? kept.seen.priority
  if (before === shown) return undefined
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const key = { organizationId, id: defect.id, now: deps.clock() }
  if (before === null) {
    // It could not be given one of ours; from now on it is known.
    await updateDefect(tx, key, { kept: { ...kept, seen: { ...kept.seen, priority: shown } } })
    return undefined
  }
  await updateDefect(tx, key, { kept: { ...kept, told: shown } })
  const reason = `The priority was changed from ${before} to ${shown} in ${remoteTitle(defect)}; there it stands.`
  const change = { before: { priority: before }, after: { priority: shown } }
  const entry = { vulnerabilityId, kind: 'fields_taken' as const, actor, reason, defectId: defect.id, ...change }
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
  return reason
}
