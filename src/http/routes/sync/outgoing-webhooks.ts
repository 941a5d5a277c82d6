import * as contract from '../../../../contract/sync/outgoing-webhooks.ts'
import { parsePageRequest } from '../../../store/page.ts'
import {
  changeOutgoingWebhook,
  createOutgoingWebhook,
  deleteOutgoingWebhook,
  rotateOutgoingSecret,
} from '../../../usecases/sync/outgoing/change-outgoing-webhook.ts'
import {
  getOutgoingDelivery,
  listOutgoingDeliveries,
  listOutgoingWebhooks,
} from '../../../usecases/sync/outgoing/outgoing-views.ts'
import { resendOutgoingDelivery, testOutgoingWebhook } from '../../../usecases/sync/outgoing/queue-outgoing.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function outgoingWebhookRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listOutgoingWebhooks, async ({ query, principal: { organizationId } }) =>
      listOutgoingWebhooks(context, { organizationId, page: parsePageRequest(query) }),
    ),
    bind(contract.createOutgoingWebhook, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const { min_severity: minSeverity = 'notification', ...given } = body
      const actor = toAuditActor(principal, request.ip)
      return createOutgoingWebhook(context, { organizationId, actor, minSeverity, ...given })
    }),
    bind(contract.updateOutgoingWebhook, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const { min_severity: minSeverity, ...given } = body
      const acting = { organizationId, id: params.id, actor: toAuditActor(principal, request.ip) }
      return changeOutgoingWebhook(context, { ...acting, change: { minSeverity, ...given } })
    }),
    bind(contract.deleteOutgoingWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      await deleteOutgoingWebhook(context, { organizationId, id: params.id, actor })
    }),
    bind(contract.rotateOutgoingSecret, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return rotateOutgoingSecret(context, { organizationId, id: params.id, actor })
    }),
    bind(contract.testOutgoingWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return testOutgoingWebhook(context, { organizationId, id: params.id, actor })
    }),
    bind(contract.listOutgoingDeliveries, async ({ params, query, principal: { organizationId } }) =>
      listOutgoingDeliveries(context, { organizationId, id: params.id, ...query }),
    ),
    bind(contract.getOutgoingDelivery, async ({ params, principal: { organizationId } }) =>
      getOutgoingDelivery(context, { organizationId, id: params.id }),
    ),
    bind(contract.resendOutgoingDelivery, async ({ params, principal: { organizationId } }) =>
      resendOutgoingDelivery(context, { organizationId, id: params.id }),
    ),
  ]
}
