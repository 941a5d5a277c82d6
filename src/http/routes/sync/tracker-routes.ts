import * as contract from '../../../../contract/sync/tracker-routes.ts'
import type { ConnectionKey } from '../../../store/remotes/connections.ts'
import { openJiraConnection } from '../../../usecases/remotes/open-connection.ts'
import { alignItems, countUnaligned } from '../../../usecases/sync/align-items.ts'
import { listAssetDestinations } from '../../../usecases/sync/list-asset-destinations.ts'
import { listTrackers } from '../../../usecases/sync/list-trackers.ts'
import {
  createTrackerRoute,
  deleteTrackerRoute,
  listTrackerRoutes,
  updateTrackerRoute,
} from '../../../usecases/sync/tracker-routes.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function trackerRouteRoutes(context: HttpContext): BoundRoute[] {
  const deps = { ...context, connectJira: (key: ConnectionKey) => openJiraConnection(context, key) }
  return [
    bind(contract.listTrackerRoutes, async ({ query, principal: { organizationId } }) =>
      listTrackerRoutes(context, { organizationId, query }),
    ),
    bind(contract.createTrackerRoute, async ({ body, principal, request }) => {
      const { organizationId } = principal
      return createTrackerRoute(deps, { organizationId, actor: toAuditActor(principal, request.ip), ...body })
    }),
    bind(contract.updateTrackerRoute, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return updateTrackerRoute(deps, { organizationId, id: params.id, actor, ...body })
    }),
    bind(contract.countUnalignedItems, async ({ params, principal: { organizationId } }) =>
      countUnaligned(context, { organizationId, routeId: params.id }),
    ),
    bind(contract.alignItems, async ({ params, principal, request }) => {
      const { organizationId } = principal
      return alignItems(context, { organizationId, routeId: params.id, actor: toAuditActor(principal, request.ip) })
    }),
    bind(contract.deleteTrackerRoute, async ({ params, principal, request }) => {
      const { organizationId } = principal
      await deleteTrackerRoute(context, { organizationId, id: params.id, actor: toAuditActor(principal, request.ip) })
    }),
    bind(contract.listAssetDestinations, async ({ query, principal: { organizationId } }) =>
      listAssetDestinations(context, { organizationId, query }),
    ),
    bind(contract.listTrackers, async () => listTrackers()),
  ]
}
