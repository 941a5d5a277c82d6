import { updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { parseAgreed } from './agreed.ts'
import { markMissing } from './mark-missing.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Brings the item to the state its vulnerability's present status asks for. */
export async function pushState(deps: SyncDeps, { operation, defect }: Performing): Promise<void> {
  const organizationId = defect.organization_id
  const end = (note: string, state: 'done' | 'cancelled' = 'done') =>
    deps.db.transaction().execute((tx) => endOperation(deps, tx, { operation, now: deps.clock(), state, note }))
  if (defect.ended_at !== null) return end('The item was given up.', 'cancelled')
  if (defect.link === 'missing') return end('The item is gone from Bitbucket.', 'cancelled')
  const row = await findStatus(deps.db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (row === undefined) return end('The vulnerability is not known any more.', 'cancelled')

  const { tracker, open } = await openTracker(deps, { place: defect, lane: operation.lane })
  const wanted = tracker.wantedState(row.status)
  const known = parseAgreed(defect.agreed)
  if (wanted === null) return end(`${row.status.replaceAll('_', ' ')}: the item stays as it is.`)
  // An attempt that broke off may have done half of it, and a look since then may have taken that half for the whole.
  if (wanted === known.state && operation.attempts === 1) return end(`The item is ${wanted} already.`)
  const now = await open.pushState({ item: itemRef(defect), status: row.status })
  if (now.kind === 'deleted') {
    await markMissing(deps, { defect, reason: 'Somebody deleted the item in Bitbucket.' })
    return end('The item is gone from Bitbucket.', 'cancelled')
  }
  await deps.db.transaction().execute(async (tx) => {
    const at = deps.clock()
    await updateDefect(
      tx,
      { organizationId, id: defect.id, now: at },
      {
        link: 'ok',
        linkReason: null,
        agreed: {
          state: now.value.state === 'open' || now.value.state === 'closed' ? now.value.state : wanted,
          remote_state: now.value.remoteState,
        },
        remoteVersion: now.value.version,
      },
    )
    await endOperation(deps, tx, { operation, now: at, state: 'done' })
    await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: defect.vulnerability_id }])
  })
}
