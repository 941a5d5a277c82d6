import * as contract from '../../../../contract/delivery/exclusions.ts'
import {
  excludeFromFigures,
  excludePullRequest,
  listExclusions,
  removeExclusion,
} from '../../../usecases/delivery/exclusions/exclusions.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

/** What people leave out of figures. */
export function exclusionRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listExclusions, async ({ principal: { organizationId } }) =>
      listExclusions(context, { organizationId }),
    ),
    bind(contract.createExclusion, async ({ body, principal, request }) =>
      excludeFromFigures(context, {
        ...askedBy(principal, request),
        reason: body.reason,
        repositoryId: 'repository_id' in body ? body.repository_id : null,
        label: 'label' in body ? body.label : null,
      }),
    ),
    bind(contract.removeExclusion, async ({ params: { id }, principal, request }) =>
      removeExclusion(context, { ...askedBy(principal, request), id }),
    ),
    bind(contract.excludePullRequest, async ({ params: { id }, body: { reason }, principal, request }) =>
      excludePullRequest(context, { ...askedBy(principal, request), id, reason }),
    ),
    bind(contract.includePullRequest, async ({ params: { id }, principal, request }) =>
      excludePullRequest(context, { ...askedBy(principal, request), id, reason: null }),
    ),
  ]
}
