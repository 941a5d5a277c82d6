import * as agreements from '../../../../contract/delivery/agreements.ts'
import * as goals from '../../../../contract/delivery/goals.ts'
import {
  getAgreements,
  listAgreements,
  listBrokenAgreements,
  updateAgreements,
} from '../../../usecases/delivery/agreements/agreements.ts'
import { listMetricGoals, setMetricGoal } from '../../../usecases/delivery/goals/metric-goals.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

/** What an organization wants of its work: goals of figures, and agreements of teams. */
export function goalRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(goals.listMetricGoals, async ({ principal: { organizationId } }) =>
      listMetricGoals(context, { organizationId }),
    ),
    bind(goals.setMetricGoal, async ({ body, principal, request }) =>
      setMetricGoal(context, {
        ...body,
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
      }),
    ),
    bind(agreements.listAgreements, async ({ principal: { organizationId } }) =>
      listAgreements(context, { organizationId }),
    ),
    bind(agreements.updateAgreements, async ({ body, principal, request }) =>
      updateAgreements(context, {
        ...body,
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
      }),
    ),
    bind(agreements.getAgreements, async ({ query, principal: { organizationId } }) =>
      getAgreements(context, { ...query, organizationId }),
    ),
    bind(agreements.listBrokenAgreements, async ({ params, query, principal: { organizationId } }) =>
      listBrokenAgreements(context, { ...query, id: params.id, organizationId }),
    ),
  ]
}
