import * as contract from '../../../../contract/security/gate.ts'
import { getGateSettings, tryGateSettings, updateGateSettings } from '../../../usecases/security/risk/gate-settings.ts'
import { judgeBranch, updateAssetGate } from '../../../usecases/security/risk/judge-branch.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function gateRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getGateSettings, async ({ principal: { organizationId } }) =>
      getGateSettings(context, { organizationId }),
    ),
    bind(contract.updateGateSettings, async ({ body: settings, principal, request }) => {
      const { organizationId } = principal
      return updateGateSettings(context, { organizationId, actor: toAuditActor(principal, request.ip), settings })
    }),
    bind(contract.tryGateSettings, async ({ body: settings, principal: { organizationId } }) =>
      tryGateSettings(context, { organizationId, settings }),
    ),
    bind(contract.getAssetGate, async ({ params, query, principal: { organizationId } }) => {
      const { publicUrl } = context.settings
      return judgeBranch({ ...context, publicUrl }, { organizationId, asset: params.id, branch: query.branch })
    }),
    bind(contract.updateAssetGate, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const { publicUrl } = context.settings
      const actor = toAuditActor(principal, request.ip)
      return updateAssetGate({ ...context, publicUrl }, { organizationId, id: params.id, actor, ...body })
    }),
  ]
}
