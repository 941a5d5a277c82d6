import type { Actor } from '../../domain/actor.ts'
import { judgeStates, type SeenState, type StateMaps, type StateVerdict } from '../../domain/sending/state-maps.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { hasOpenStatePush } from '../../store/sync/operations.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { wasStatePushRefused } from '../../store/sync/refused-pushes.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { WriteDeps } from './sync-deps.ts'
import { takeRemote } from './take-remote.ts'

/** `finding`: what a person should know of a change that did not simply set both sides equal. */
export type ItemOutcome = { changed: boolean; outcome: string; finding?: 'conflict' | 'needs_you' }

export type Merging = {
  defect: DefectRow
  /** Who changed the item, as far as the remote says. */
  actor: Actor
  maps: StateMaps
  /** The member who decided at the remote, if it was one who may. */
  decider: Extract<Actor, { kind: 'member' }> | undefined
  /** The state as it is now and as both sides last agreed on it. */
  seen: SeenState
  agreed: { name: string | null; state: SeenState['state'] }
}

/** Compares the state of an item with what was agreed, and moves or pushes what differs. */
export async function mergeState(deps: WriteDeps, tx: Db, merging: Merging): Promise<ItemOutcome> {
  const { defect, seen } = merging
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const row = await findStatus(tx, { organizationId, vulnerabilityId })
  if (row === undefined) return { changed: false, outcome: 'The vulnerability is not known any more.' }
  const byDefault = getTracker(defect.tracker).wantedState(row.status)
  const verdict = judgeStates({ ...merging, status: row.status, byDefault })
  switch (verdict.kind) {
    case 'same':
      return { changed: false, outcome: `Nothing new: the item is ${seen.name}.` }
    case 'push':
      return pushAgain(deps, tx, merging)
    case 'take':
      return take(deps, tx, { merging, verdict })
    default:
      return verdict satisfies never
  }
}

async function pushAgain(deps: WriteDeps, tx: Db, { defect, actor }: Merging): Promise<ItemOutcome> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, id: defectId } = defect
  if (await hasOpenStatePush(tx, { organizationId, defectId }))
    return { changed: false, outcome: 'The item lags behind the vulnerability; its change is on the way.' }
  // A way that ends on a refusal may have moved the item, which is told too: asking again would go round for ever.
  if (await wasStatePushRefused(tx, { organizationId, defectId }))
    return {
      changed: false,
      outcome: 'The item lags behind the vulnerability; its change was refused and waits for you.',
    }
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause: actor })
  return { changed: true, outcome: 'The item lags behind the vulnerability; it is brought up to it.' }
}

type Taking = { merging: Merging; verdict: Extract<StateVerdict, { kind: 'take' }> }

async function take(deps: WriteDeps, tx: Db, { merging, verdict }: Taking): Promise<ItemOutcome> {
  const key = { organizationId: merging.defect.organization_id, defectId: merging.defect.id }
  // A change of ours may have been carried out without an answer, or have ended half way.
  if (verdict.mayBeOurs && ((await hasOpenStatePush(tx, key)) || (await wasStatePushRefused(tx, key))))
    return { changed: false, outcome: `The item is ${merging.seen.name}; a change of ours is on the way.` }
  return takeRemote(deps, tx, { ...merging, means: verdict.means, isMapped: verdict.isMapped })
}
