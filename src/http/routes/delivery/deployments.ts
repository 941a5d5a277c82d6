import * as settings from '../../../../contract/delivery/deployment-settings.ts'
import * as contract from '../../../../contract/delivery/deployments.ts'
import {
  getDeploymentSettings,
  updateDeploymentSettings,
} from '../../../usecases/delivery/deployments/deployment-settings.ts'
import { listDeployments } from '../../../usecases/delivery/deployments/list-deployments.ts'
import { recordDeployment } from '../../../usecases/delivery/deployments/record-deployment.ts'
import { recordIncident } from '../../../usecases/delivery/deployments/record-incident.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function deploymentRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(settings.getDeploymentSettings, async ({ principal: { organizationId } }) =>
      getDeploymentSettings(context, { organizationId }),
    ),
    bind(settings.updateDeploymentSettings, async ({ body, principal, request }) =>
      updateDeploymentSettings(context, {
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
        settings: body,
      }),
    ),
    bind(contract.recordDeployment, async ({ body, principal: { organizationId } }) =>
      recordDeployment(context, { ...body, organizationId }),
    ),
    bind(contract.recordIncident, async ({ body, principal: { organizationId } }) =>
      recordIncident(context, { ...body, organizationId }),
    ),
    bind(contract.listDeployments, async ({ query, principal: { organizationId } }) =>
      listDeployments(context, { ...query, organizationId }),
    ),
  ]
}
