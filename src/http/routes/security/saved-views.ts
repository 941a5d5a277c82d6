import * as contract from '../../../../contract/security/saved-views.ts'
import type { ViewKeeper } from '../../../usecases/security/vulnerabilities/saved-views.ts'
import {
  createSavedView,
  deleteSavedView,
  listSavedViews,
  updateSavedView,
} from '../../../usecases/security/vulnerabilities/saved-views.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function savedViewRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listSavedViews, async ({ principal: { organizationId, memberId } }) =>
      listSavedViews(context, { organizationId, memberId }),
    ),
    bind(contract.createSavedView, async ({ body, principal, request }) =>
      createSavedView(context, { keeper: toKeeper(principal, request.ip), view: body }),
    ),
    bind(contract.updateSavedView, async ({ params, body, principal, request }) =>
      updateSavedView(context, { keeper: toKeeper(principal, request.ip), id: params.id, wish: body }),
    ),
    bind(contract.deleteSavedView, async ({ params, principal, request }) =>
      deleteSavedView(context, { keeper: toKeeper(principal, request.ip), id: params.id }),
    ),
  ]
}

function toKeeper(principal: Principal, ip: string): ViewKeeper {
  const { organizationId, memberId, role, scopes } = principal
  return { organizationId, memberId, role, scopes, actor: toAuditActor(principal, ip) }
}
