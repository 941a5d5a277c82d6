import * as contract from '../../../../contract/sync/messages.ts'
import { deleteMessage, updateMessage } from '../../../usecases/sync/change-message.ts'
import { createMessage } from '../../../usecases/sync/create-message.ts'
import { listMessages } from '../../../usecases/sync/list-messages.ts'
import { markThreadRead } from '../../../usecases/sync/notifications.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function messageRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listMessages, async ({ params, query, principal: { organizationId, memberId } }) =>
      listMessages(context, { organizationId, memberId, vulnerabilityId: params.id, ...query }),
    ),
    bind(contract.createMessage, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const { parent_id: parentId, ...text } = body
      const actor = toActor(principal)
      return createMessage(context, { organizationId, vulnerabilityId: params.id, actor, parentId, ...text })
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
