import * as contract from '../../../../contract/sync/deliveries.ts'
import { getDelivery, listDeliveries, retryDelivery } from '../../../usecases/sync/deliveries.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function deliveryRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listDeliveries, async ({ query, principal: { organizationId } }) =>
      listDeliveries(context, { organizationId, ...query }),
    ),
    bind(contract.getDelivery, async ({ params, principal: { organizationId } }) =>
      getDelivery(context, { organizationId, id: params.id }),
    ),
    bind(contract.retryDelivery, async ({ params, principal: { organizationId } }) =>
      retryDelivery(context, { organizationId, id: params.id }),
    ),
  ]
}
