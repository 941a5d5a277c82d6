import * as contract from '../../../../contract/security/overview.ts'
import { getOverview } from '../../../usecases/security/get-overview.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function overviewRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getOverview, async ({ principal: { organizationId, memberId } }) =>
      getOverview(context, { organizationId, memberId }),
    ),
  ]
}
