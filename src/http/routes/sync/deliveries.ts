import * as contract from '../../../../contract/sync/deliveries.ts'
import { getDelivery, listDeliveries } from '../../../usecases/sync/deliveries.ts'
import { listFailures, retryByPerson, retryFailures, skipFailure } from '../../../usecases/sync/failures.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function deliveryRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listDeliveries, async ({ query, principal: { organizationId } }) =>
      listDeliveries(context, { organizationId, ...query }),
    ),
    bind(contract.getDelivery, async ({ params, principal: { organizationId } }) =>
      getDelivery(context, { organizationId, id: params.id }),
    ),
    bind(contract.retryDelivery, async ({ params, principal, request }) => {
      const actor = toAuditActor(principal, request.ip)
      return retryByPerson(context, { organizationId: principal.organizationId, id: params.id, actor })
    }),
    bind(contract.skipDelivery, async ({ params, principal, request }) => {
      const actor = toAuditActor(principal, request.ip)
      return skipFailure(context, { organizationId: principal.organizationId, id: params.id, actor })
    }),
    bind(contract.listDeliveryFailures, async ({ principal: { organizationId } }) =>
      listFailures(context, { organizationId }),
    ),
    bind(contract.retryDeliveryFailures, async ({ body, principal, request }) => {
      const { direction, connection_id: connectionId, error_code: code } = body
      const actor = toAuditActor(principal, request.ip)
      return retryFailures(context, { organizationId: principal.organizationId, direction, connectionId, code, actor })
    }),
  ]
}
