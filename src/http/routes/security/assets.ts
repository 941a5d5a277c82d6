import * as contract from '../../../../contract/security/assets.ts'
import { createAsset, getAsset, listAssets, updateAsset } from '../../../usecases/security/assets.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function assetRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listAssets, async ({ query, principal: { organizationId } }) =>
      listAssets(context, { organizationId, query }),
    ),
    bind(contract.getAsset, async ({ params, principal: { organizationId } }) =>
      getAsset(context, { organizationId, id: params.id }),
    ),
    bind(contract.createAsset, async ({ body, principal, request }) => {
      const { organizationId } = principal
      return createAsset(context, { organizationId, actor: toAuditActor(principal, request.ip), ...body })
    }),
    bind(contract.updateAsset, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return updateAsset(context, { organizationId, id: params.id, actor, ...body })
    }),
  ]
}
