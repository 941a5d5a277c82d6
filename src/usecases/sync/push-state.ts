import { isWished, type RemoteWish } from '../../domain/sending/state-maps.ts'
import { updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { ItemState } from '../../trackers/tracker.ts'
import { type Agreed, parseAgreed } from './agreed.ts'
import { markMissing } from './mark-missing.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import { readRouteSettings } from './read-route-settings.ts'
import { remoteTitle } from './remote-title.ts'
import { readStateMaps, wishOf } from './route-states.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Brings the item to the state its vulnerability's present status asks for. */
export async function pushState(deps: SyncDeps, { operation, defect }: Performing): Promise<void> {
  const organizationId = defect.organization_id
  const end = (note: string, state: 'done' | 'cancelled' = 'done') =>
    deps.db.transaction().execute((tx) => endOperation(deps, tx, { operation, now: deps.clock(), state, note }))
  if (defect.ended_at !== null) return end('The item was given up.', 'cancelled')
  if (defect.link === 'missing') return end(`The item is gone from ${remoteTitle(defect)}.`, 'cancelled')
  const row = await findStatus(deps.db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (row === undefined) return end('The vulnerability is not known any more.', 'cancelled')

  const settings = await readRouteSettings(deps.db, defect)
  const tracker = getTracker(defect.tracker)
  const wish = wishOf(defect, row.status, readStateMaps(settings))
  const known = parseAgreed(defect.agreed)
  if (wish === null) return end(`${row.status.replaceAll('_', ' ')}: the item stays as it is.`)
  // An attempt that broke off may have done half of it, and a look since then may have taken that half for the whole.
  if (isAgreed(known, wish) && operation.attempts === 1) return end(`The item is ${wish.name ?? wish.state} already.`)
  if (!tracker.hasState(defect.remote)) return agree(deps, { operation, defect, state: wish.state })
  const { open } = await openTracker(deps, { place: defect, lane: operation.lane, settings, action: 'push_state' })
  const now = await open.pushState({ item: itemRef(defect), status: row.status, wish })
  if (now.kind === 'deleted') {
    await markMissing(deps, { defect, reason: `Somebody deleted the item in ${remoteTitle(defect)}.` })
    return end(`The item is gone from ${remoteTitle(defect)}.`, 'cancelled')
  }
  const { state, remoteState, version } = now.value
  const agreed = state === 'open' || state === 'closed' ? state : wish.state
  return agree(deps, { operation, defect, state: agreed, seen: { remoteState, version } })
}

function isAgreed({ state, remote_state: name, is_mixed: isMixed }: Agreed, wish: RemoteWish): boolean {
  if (state === undefined || isMixed === true) return false
  return name === undefined ? wish.name === null && state === wish.state : isWished({ name, state }, wish)
}

type Agreement = Pick<Performing, 'operation' | 'defect'> & {
  state: ItemState
  seen?: { remoteState: string; version: string }
}

/** Writes down what both sides have now. What keeps no state has nothing to be asked for. */
async function agree(deps: SyncDeps, { operation, defect, state, seen }: Agreement): Promise<void> {
  const organizationId = defect.organization_id
  const remoteState = seen?.remoteState ?? parseAgreed(defect.agreed).remote_state
  await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock()
    await updateDefect(
      tx,
      { organizationId, id: defect.id, now },
      {
        link: 'ok',
        linkReason: null,
        agreed: { state, ...(remoteState !== undefined && { remote_state: remoteState }) },
        ...(seen !== undefined && { remoteVersion: seen.version }),
      },
    )
    await endOperation(deps, tx, { operation, now, state: 'done' })
    await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: defect.vulnerability_id }])
  })
}
