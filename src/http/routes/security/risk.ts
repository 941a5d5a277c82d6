import * as contract from '../../../../contract/security/risk.ts'
import { getAssetRisk, getRisk } from '../../../usecases/security/risk/get-risk.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function riskRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getRisk, async ({ principal: { organizationId } }) => getRisk(context, { organizationId })),
    bind(contract.getAssetRisk, async ({ params, principal: { organizationId } }) =>
      getAssetRisk(context, { organizationId, id: params.id }),
    ),
  ]
}
