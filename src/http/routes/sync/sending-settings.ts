import * as contract from '../../../../contract/sync/sending-settings.ts'
import { getSendingSettings, previewItem, updateSendingSettings } from '../../../usecases/sync/sending-settings.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function sendingSettingsRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getSendingSettings, async ({ principal: { organizationId } }) =>
      getSendingSettings(context, { organizationId }),
    ),
    bind(contract.updateSendingSettings, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return updateSendingSettings(context, { organizationId, actor, settings: body })
    }),
    bind(contract.previewItem, async ({ body, principal: { organizationId } }) =>
      previewItem({ ...context, publicUrl: context.settings.publicUrl }, { organizationId, asked: body }),
    ),
  ]
}
