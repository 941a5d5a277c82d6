import type { Marker } from '../../domain/message-text.ts'
import { readInstance } from './instance.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Takes our mark from an item that was parted from its vulnerability, unless the two were linked again meanwhile. */
export async function releaseItem(deps: SyncDeps, { operation, defect }: Performing): Promise<void> {
  const end = (note: string, state: 'done' | 'cancelled' = 'done') =>
    deps.db.transaction().execute((tx) => endOperation(deps, tx, { operation, now: deps.clock(), state, note }))
  if (defect.unlinked_at === null || defect.remote_id === null)
    return end('The two were linked again meanwhile.', 'cancelled')
  const { lane } = operation
  const { open } = await openTracker(deps, { place: defect, lane, action: 'release_item' })
  const marker: Marker = { instance: await readInstance(deps.db), kind: 'defect', id: defect.id }
  await open.links?.unmark({ item: itemRef(defect), marker })
  return end('The item carries our mark no more.')
}
