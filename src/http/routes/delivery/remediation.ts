import * as contract from '../../../../contract/delivery/remediation.ts'
import { decideRemediation } from '../../../usecases/delivery/remediation/decide-remediation.ts'
import { getVulnerabilityFlow } from '../../../usecases/delivery/remediation/get-flow.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function remediationRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getVulnerabilityFlow, async ({ params, principal: { organizationId } }) =>
      getVulnerabilityFlow(context, { organizationId, id: params.id }),
    ),
    bind(contract.decideRemediation, async ({ params, body, principal }) =>
      decideRemediation(context, {
        ...body,
        organizationId: principal.organizationId,
        id: params.id,
        actor: toActor(principal),
      }),
    ),
  ]
}
