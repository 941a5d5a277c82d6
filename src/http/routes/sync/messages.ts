import { listConversation as conversationRoute } from '../../../../contract/sync/conversation.ts'
import * as contract from '../../../../contract/sync/messages.ts'
import { deleteMessage, updateMessage } from '../../../usecases/sync/change-message.ts'
import { createMessage } from '../../../usecases/sync/create-message.ts'
import { listConversation } from '../../../usecases/sync/list-conversation.ts'
import { listMessages } from '../../../usecases/sync/list-messages.ts'
import { markThreadRead } from '../../../usecases/sync/notifications.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function messageRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listMessages, async ({ params, query, principal: { organizationId, memberId } }) =>
      listMessages({ db: context.preparedDb }, { organizationId, memberId, vulnerabilityId: params.id, ...query }),
    ),
    bind(conversationRoute, async ({ params, query, principal: { organizationId, memberId } }) =>
      listConversation(context, { organizationId, memberId, vulnerabilityId: params.id, ...query }),
    ),
    bind(contract.createMessage, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const { parent_id: parentId, attachment_ids: ids = [], ...text } = body
      const attachments = { ids, limits: context.settings.attachmentLimits }
      const written = { actor: toActor(principal), parentId, attachments, ...text }
      return createMessage(context, { organizationId, vulnerabilityId: params.id, ...written })
    }),
    bind(contract.updateMessage, async ({ params, body, principal }) => {
      const { organizationId } = principal
      return updateMessage(context, { organizationId, messageId: params.id, actor: toActor(principal), ...body })
    }),
    bind(contract.deleteMessage, async ({ params, principal }) => {
      const { organizationId } = principal
      await deleteMessage(context, { organizationId, messageId: params.id, actor: toActor(principal) })
    }),
    bind(contract.markThreadRead, async ({ params, principal: { organizationId, memberId } }) => {
      await markThreadRead(context, { organizationId, memberId, vulnerabilityId: params.id })
    }),
  ]
}
