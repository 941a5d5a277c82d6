import * as contract from '../../../../contract/security/overview.ts'
import { isPermitted } from '../../../domain/permissions.ts'
import { getOverview } from '../../../usecases/security/get-overview.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function overviewRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getOverview, async ({ principal }) => {
      const { organizationId, memberId } = principal
      return getOverview(context, {
        organizationId,
        memberId,
        mayReadConnections: isPermitted(principal, 'connection.read'),
      })
    }),
  ]
}
