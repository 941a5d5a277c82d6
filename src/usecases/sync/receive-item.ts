import type { Actor } from '../../domain/actor.ts'
import { mergeField } from '../../domain/field-merge.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, findDefect, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { hasOpenStatePush } from '../../store/sync/operations.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { Fetched, ItemState, TrackerItem } from '../../trackers/tracker.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { type Agreed, parseAgreed } from './agreed.ts'
import { markMissing } from './mark-missing.ts'
import type { WriteDeps } from './sync-deps.ts'

/** Milliseconds between two looks that both did not find an item, before it counts as gone. */
const missingAfterMs = 60_000

export type ItemOutcome = { changed: boolean; outcome: string }

export type SeenItem = {
  defect: DefectRow
  item: Fetched<TrackerItem>
  /** Who changed it, as far as the remote says. */
  actor: Actor
  /** The remote itself said that it was deleted; otherwise two looks have to agree. */
  isCertain: boolean
  /** More to write in the same transaction. */
  also?: (tx: Db, outcome: ItemOutcome) => Promise<void>
}

/** Compares an item as it is now with what was agreed, and moves or pushes what differs. Needs the defect's lock. */
export async function receiveItem(deps: WriteDeps, seen: SeenItem): Promise<ItemOutcome> {
  const { item } = seen
  if (item.kind === 'deleted') {
    const outcome = await receiveAbsence(deps, seen)
    await deps.db.transaction().execute(async (tx) => seen.also?.(tx, outcome))
    return outcome
  }
  return deps.db.transaction().execute((tx) => receivePresence(deps, tx, { seen, item: item.value }))
}

async function receiveAbsence(deps: WriteDeps, { defect, isCertain }: SeenItem): Promise<ItemOutcome> {
  const now = deps.clock()
  if (defect.link === 'missing') return { changed: false, outcome: 'The item is known to be gone.' }
  const agreed = parseAgreed(defect.agreed)
  const since = agreed.missing_since === undefined ? undefined : Date.parse(agreed.missing_since)
  if (isCertain || (since !== undefined && now.getTime() - since >= missingAfterMs)) {
    await markMissing(deps, {
      defect,
      reason:
        'The item was deleted in Bitbucket. It is not made again by itself; send the vulnerability again if it should be.',
    })
    return { changed: true, outcome: 'The item was deleted in Bitbucket; nothing is made again by itself.' }
  }
  // One 404 may be a moment without rights: it is remembered, and looked at again.
  if (since === undefined)
    await updateDefect(
      deps.db,
      { organizationId: defect.organization_id, id: defect.id, now },
      { agreed: { ...agreed, missing_since: now.toISOString() } },
    )
  return { changed: false, outcome: 'The item was not found; Weir looks again before it believes that.' }
}

type Present = { seen: SeenItem; item: TrackerItem }

async function receivePresence(deps: WriteDeps, tx: Db, { seen, item }: Present): Promise<ItemOutcome> {
  const { organization_id: organizationId, id } = seen.defect
  const now = deps.clock()
  // As it is under the lock, not as the caller read it.
  const defect = (await findDefect(tx, { organizationId, id })) ?? seen.defect
  const { missing_since: _, ...agreed } = parseAgreed(defect.agreed)
  const known = { organizationId, id, now }
  const remote = readState(item, agreed)
  await updateDefect(tx, known, {
    remoteVersion: item.version,
    agreed: { ...agreed, state: remote, remote_state: item.remoteState },
    ...(item.url !== '' && { url: item.url }),
    ...((defect.link === 'missing' || defect.link === 'forbidden') && { link: 'ok' as const, linkReason: null }),
  })
  if (defect.link === 'missing') await recordReturn(deps, tx, defect)
  const outcome = await mergeState(deps, tx, {
    seen: { ...seen, defect },
    item,
    remote,
    agreed: agreed.state ?? remote,
  })
  await seen.also?.(tx, outcome)
  return outcome
}

/** Of two signs that disagree, the one that changed since we last looked is what somebody meant. */
function readState(item: TrackerItem, agreed: Agreed): ItemState {
  const known = agreed.state ?? 'open'
  if (item.state === null) return known
  if (item.state !== 'mixed') return item.state
  if (item.remoteState === agreed.remote_state) return known
  return known === 'open' ? 'closed' : 'open'
}

type Merging = Present & { remote: ItemState; agreed: ItemState }

async function mergeState(deps: WriteDeps, tx: Db, merging: Merging): Promise<ItemOutcome> {
  const { seen, remote, agreed, item } = merging
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = seen.defect
  const row = await findStatus(tx, { organizationId, vulnerabilityId })
  const wanted = row === undefined ? null : getTracker(seen.defect.tracker).wantedState(row.status)
  // While it awaits validation we wish for nothing: then the remote alone can have moved.
  const verdict = mergeField({ agreed, local: wanted ?? agreed, remote })
  switch (verdict) {
    case 'same':
      return { changed: false, outcome: `Nothing new: the item is ${item.remoteState}.` }
    case 'push_local':
      if (await hasOpenStatePush(tx, { organizationId, defectId: seen.defect.id }))
        return { changed: false, outcome: 'The item lags behind the vulnerability; its change is on the way.' }
      await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause: seen.actor })
      return { changed: true, outcome: 'The item lags behind the vulnerability; it is brought up to it.' }
    case 'take_remote':
    case 'conflict':
      return takeRemote(deps, tx, merging)
    default:
      return verdict satisfies never
  }
}

async function takeRemote(deps: WriteDeps, tx: Db, { seen, remote, item }: Merging): Promise<ItemOutcome> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = seen.defect
  const { actor } = seen
  const to = remote === 'closed' ? ('awaiting_validation' as const) : ('identified' as const)
  const reason =
    remote === 'closed'
      ? `The item is ${item.remoteState} in Bitbucket.`
      : `The item was opened again (${item.remoteState}).`
  const moves = [{ vulnerabilityId, to, reason }]
  const [result] = await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'remote' })
  const kind = remote === 'closed' ? ('awaiting_validation' as const) : ('reopened' as const)
  const callPeople = async (what: string): Promise<void> => {
    const called = { organizationId, vulnerabilityId, kind, messageId: null, subject: `${actor.name}: ${what}` }
    await notifyMembers(deps, tx, { ...called, now: deps.clock(), exceptMemberId: null })
    await announce(tx, organizationId, [{ kind: 'notification' }])
  }
  if (result?.outcome.kind === 'moved') {
    await callPeople(reason)
    return { changed: true, outcome: `${reason} The vulnerability is now ${to.replaceAll('_', ' ')}.` }
  }
  if (result?.outcome.kind === 'unchanged') return { changed: false, outcome: reason }
  // The table refuses: a decision of security stands, and the item is told so.
  const conflict = `${reason} A decision in Weir stands against it; the item is set back.`
  const entry = { vulnerabilityId, kind: 'sync_conflict' as const, actor, reason: conflict, defectId: seen.defect.id }
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries: [entry] })
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause: actor })
  await callPeople(conflict)
  return { changed: true, outcome: conflict }
}

async function recordReturn(deps: WriteDeps, tx: Db, defect: DefectRow): Promise<void> {
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const actor = { kind: 'remote' as const, accountUuid: null, name: 'Bitbucket' }
  const entry = { vulnerabilityId, kind: 'defect_found_again' as const, actor, defectId: defect.id }
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
}
