import type { Db } from '../../store/db.ts'
import { findDefectPlace } from '../../store/sync/defect-places.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { listRoutesFor } from '../../store/sync/sendable.ts'
import { routeFor } from './route-for.ts'

/** Settings of the route an item of today would go by in the same tracker; none where no route leads there any more. */
export async function readRouteSettings(db: Db, defect: DefectRow): Promise<unknown> {
  const organizationId = defect.organization_id
  const place = await findDefectPlace(db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (place === undefined) return undefined
  const routes = await listRoutesFor(db, { organizationId, assetIds: [place.assetId] })
  const own = routes.filter(({ tracker }) => tracker === defect.tracker)
  return routeFor(own, place)?.settings
}
