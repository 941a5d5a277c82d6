import * as contract from '../../../../contract/sync/defects.ts'
import { listDefects } from '../../../usecases/sync/list-defects.ts'
import { sendVulnerability } from '../../../usecases/sync/send-vulnerability.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function defectRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listDefects, async ({ params, principal: { organizationId } }) =>
      listDefects(context, { organizationId, vulnerabilityId: params.id }),
    ),
    bind(contract.sendVulnerability, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const { tracker } = body
      const actor = toActor(principal)
      return sendVulnerability(context, { organizationId, vulnerabilityId: params.id, tracker, actor })
    }),
  ]
}
