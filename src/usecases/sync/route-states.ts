import { type RemoteWish, routeStates, type StateMaps, wishFor } from '../../domain/sending/state-maps.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { getTracker } from '../../trackers/registry.ts'
import { readRouteSettings } from './read-route-settings.ts'

/** What a route's settings say of states; nothing where no route is left. */
export function readStateMaps(routeSettings: unknown): StateMaps {
  return routeStates.parse(routeSettings ?? {}).states ?? {}
}

/** The maps an item of today would go by in the tracker of the defect. */
export async function findStateMaps(db: Db, defect: DefectRow): Promise<StateMaps> {
  return readStateMaps(await readRouteSettings(db, defect))
}

/** What the item of a vulnerability in this status should be; null: as it is. */
export function wishOf(defect: Pick<DefectRow, 'tracker'>, status: Status, maps: StateMaps): RemoteWish | null {
  return wishFor(status, { maps, byDefault: getTracker(defect.tracker).wantedState(status) })
}
