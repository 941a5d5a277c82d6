import { deletedWhenMissing } from './deleted-when-missing.ts'
import type { Fetched, FetchedComment, TrackerComment } from './tracker.ts'

/**
 * Runs `ask` for one comment; where a 404 comes again and `fetchItem` finds no item either, it went along with that.
 * `fetchItem` throws when the surroundings cannot be seen.
 */
export async function deletedWithItsItem(
  ask: () => Promise<Fetched<TrackerComment>>,
  fetchItem: () => Promise<Fetched<unknown>>,
): Promise<FetchedComment> {
  let isItemThere = true
  const comment = await deletedWhenMissing(ask, async () => {
    isItemThere = (await fetchItem()).kind === 'found'
  })
  return comment.kind === 'found' || isItemThere ? comment : { kind: 'item_deleted' }
}
