import * as contract from '../../../../contract/sync/notifications.ts'
import { listNotifications, readNotifications } from '../../../usecases/sync/notifications.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function notificationRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listNotifications, async ({ query, principal: { organizationId, memberId } }) =>
      listNotifications(context, { organizationId, memberId, ...query }),
    ),
    bind(contract.readNotifications, async ({ body, principal: { organizationId, memberId } }) =>
      readNotifications(context, { organizationId, memberId, ...body }),
    ),
  ]
}
