import * as contract from '../../../../contract/security/policies.ts'
import {
  createPolicy,
  deletePolicy,
  listPolicies,
  tryPolicy,
  updatePolicy,
} from '../../../usecases/security/policies.ts'
import { sendPolicy } from '../../../usecases/security/send-policy.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function policyRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listPolicies, async ({ query, principal: { organizationId } }) =>
      listPolicies(context, { organizationId, query }),
    ),
    bind(contract.createPolicy, async ({ body, principal, request }) => {
      const { organizationId } = principal
      return createPolicy(context, { organizationId, actor: toAuditActor(principal, request.ip), ...body })
    }),
    bind(contract.updatePolicy, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return updatePolicy(context, { organizationId, id: params.id, actor, ...body })
    }),
    bind(contract.deletePolicy, async ({ params, principal, request }) => {
      const { organizationId } = principal
      await deletePolicy(context, { organizationId, id: params.id, actor: toAuditActor(principal, request.ip) })
    }),
    bind(contract.tryPolicy, async ({ body, principal: { organizationId, memberId } }) =>
      tryPolicy(context, { organizationId, memberId, ...body }),
    ),
    bind(contract.sendPolicy, async ({ params, principal: asker, request: { ip } }) =>
      sendPolicy(context, { asker, auditor: toAuditActor(asker, ip), ...params }),
    ),
  ]
}
