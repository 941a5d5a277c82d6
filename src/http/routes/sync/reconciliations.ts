import * as contract from '../../../../contract/sync/reconciliations.ts'
import { moveWithdrawnIssues } from '../../../usecases/sync/move-withdrawn-issues.ts'
import { askForReconciliation, listReconciliations } from '../../../usecases/sync/reconciliations.ts'
import type { HttpContext } from '../../context.ts'
import { toActor, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function reconciliationRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listReconciliations, async ({ params, principal: { organizationId } }) =>
      listReconciliations(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.reconcileConnection, async ({ params, principal, request }) => {
      const actor = toAuditActor(principal, request.ip)
      await askForReconciliation(context, { organizationId: principal.organizationId, connectionId: params.id, actor })
      return { queued: true as const }
    }),
    bind(contract.moveWithdrawnIssues, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const auditActor = toAuditActor(principal, request.ip)
      const actor = toActor(principal)
      return moveWithdrawnIssues(context, { organizationId, connectionId: params.id, actor, auditActor })
    }),
  ]
}
