import type { Actor } from '../../domain/actor.ts'
import { isPermitted } from '../../domain/permissions.ts'
import { findMember } from '../../store/access/members.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import type { TrackerItem } from '../../trackers/tracker.ts'
import { knowContributor } from './know-contributor.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { remoteKindOf } from './remote-title.ts'
import type { SyncDeps } from './sync-deps.ts'

/**
 * The member who brought an item to the state it is in, if it was one who may decide: by the remote's own history and the
 * account's link to a member, never by what an event says of itself. Asks the remote.
 */
export async function findDecider(
  deps: SyncDeps,
  { defect, item }: { defect: DefectRow; item: TrackerItem },
): Promise<Extract<Actor, { kind: 'member' }> | undefined> {
  const { open } = await openTracker(deps, { place: defect, lane: 'webhook' })
  const author = await open.whoSetState(itemRef(defect))
  if (author === null || author.state.toLowerCase() !== item.remoteState.toLowerCase()) return undefined
  const organizationId = defect.organization_id
  const seen = { organizationId, kind: remoteKindOf(defect), account: author.account }
  const known = await deps.db.transaction().execute((tx) => knowContributor(deps, tx, seen))
  if (known === undefined || known.member_id === null || known.is_bot) return undefined
  const member = await findMember(deps.db, organizationId, known.member_id)
  if (member === undefined || member.disabledAt !== null) return undefined
  if (!isPermitted({ role: member.role, scopes: null }, 'vulnerability.decide')) return undefined
  return { kind: 'member', memberId: member.id, name: member.name, tokenId: null }
}
