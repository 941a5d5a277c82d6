import * as settings from '../../../../contract/delivery/deployment-settings.ts'
import * as contract from '../../../../contract/delivery/deployments.ts'
import {
  getDeploymentSettings,
  updateDeploymentSettings,
} from '../../../usecases/delivery/deployments/deployment-settings.ts'
import { listDeployments } from '../../../usecases/delivery/deployments/list-deployments.ts'
import { listSourcesInForce } from '../../../usecases/delivery/deployments/list-sources-in-force.ts'
import { markDeployment, unmarkDeployment } from '../../../usecases/delivery/deployments/mark-deployment.ts'
import { recordDeployment } from '../../../usecases/delivery/deployments/record-deployment.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

export function deploymentRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(settings.getDeploymentSettings, async ({ principal: { organizationId } }) =>
      getDeploymentSettings(context, { organizationId }),
    ),
    bind(settings.updateDeploymentSettings, async ({ body, principal, request }) =>
      updateDeploymentSettings(context, { ...askedBy(principal, request), settings: body }),
    ),
    bind(contract.recordDeployment, async ({ body, principal: { organizationId } }) =>
      recordDeployment(context, { ...body, organizationId }),
    ),
    bind(settings.listSourcesInForce, async ({ query, principal: { organizationId } }) =>
      listSourcesInForce(context, { ...query, organizationId }),
    ),
    bind(contract.markDeployment, async ({ params: { id }, body, principal, request }) =>
      markDeployment(context, { ...askedBy(principal, request), id, ...body }),
    ),
    bind(contract.unmarkDeployment, async ({ params: { id }, principal, request }) =>
      unmarkDeployment(context, { ...askedBy(principal, request), id }),
    ),
    bind(contract.listDeployments, async ({ query, principal: { organizationId } }) =>
      listDeployments(context, { ...query, organizationId }),
    ),
  ]
}
