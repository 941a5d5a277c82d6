import * as contract from '../../../../contract/security/service-levels.ts'
import { getServiceLevels, updateServiceLevels } from '../../../usecases/security/deadlines/service-levels.ts'
import { tryServiceLevels } from '../../../usecases/security/deadlines/try-service-levels.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function serviceLevelRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getServiceLevels, async ({ principal: { organizationId } }) =>
      getServiceLevels(context, { organizationId }),
    ),
    bind(contract.updateServiceLevels, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return updateServiceLevels(context, { organizationId, actor, settings: body.settings })
    }),
    bind(contract.tryServiceLevels, async ({ body, principal: { organizationId } }) =>
      tryServiceLevels(context, { organizationId, settings: body.settings }),
    ),
  ]
}
