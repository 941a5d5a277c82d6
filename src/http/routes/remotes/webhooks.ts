import * as contract from '../../../../contract/remotes/webhooks.ts'
import { revealWebhook } from '../../../usecases/remotes/reveal-webhook.ts'
import { rotateWebhookSecret } from '../../../usecases/remotes/rotate-webhook-secret.ts'
import { testWebhookByPerson } from '../../../usecases/remotes/test-webhook.ts'
import { removeWebhook, repairWebhook } from '../../../usecases/remotes/webhook-actions.ts'
import { listWebhooks } from '../../../usecases/remotes/webhook-view.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function webhookRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listWebhooks, async ({ query, principal: { organizationId } }) => {
      const { connection_id: connectionId, ...rest } = query
      return listWebhooks(context, { organizationId, connectionId, ...rest })
    }),
    bind(contract.repairWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return repairWebhook(context, { organizationId, webhookId: params.id, actor })
    }),
    bind(contract.testWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return testWebhookByPerson(context, { organizationId, webhookId: params.id, actor })
    }),
    bind(contract.revealWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return revealWebhook(context, { organizationId, webhookId: params.id, actor })
    }),
    bind(contract.rotateWebhookSecret, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return rotateWebhookSecret(context, { organizationId, webhookId: params.id, actor })
    }),
    bind(contract.removeWebhook, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      await removeWebhook(context, { organizationId, webhookId: params.id, actor })
    }),
  ]
}
