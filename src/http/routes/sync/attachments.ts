import * as contract from '../../../../contract/sync/attachments.ts'
import { createRemember } from '../../../lib/remember.ts'
import { openConnection, openJiraConnection } from '../../../usecases/remotes/open-connection.ts'
import { openAttachment } from '../../../usecases/sync/attachments/open-attachment.ts'
import {
  type AttachmentDeps,
  getAttachmentRules,
  removeStagedAttachment,
  stageAttachment,
} from '../../../usecases/sync/attachments/stage-attachment.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { readFileBody } from '../../request-body.ts'
import { type BoundRoute, bind } from '../../route.ts'
import { sendFile } from '../../send-file.ts'

export function attachmentRoutes(context: HttpContext): BoundRoute[] {
  const { attachmentLimits, tempFolder, maxEvidenceBytes } = context.settings
  const deps: AttachmentDeps = { ...context, tempFolder, attachmentLimits, roomInAll: maxEvidenceBytes }
  const opening = {
    ...deps,
    connect: async (key: Parameters<typeof openConnection>[1]) => openConnection(context, key),
    connectJira: async (key: Parameters<typeof openJiraConnection>[1]) => openJiraConnection(context, key),
    remember: createRemember({ clock: context.clock, ttlMs: 60_000, limit: 100 }),
  }
  return [
    bind(contract.getAttachmentRules, async ({ params, principal: { organizationId } }) =>
      getAttachmentRules(deps, { organizationId, vulnerabilityId: params.id }),
    ),
    bind(
      contract.addAttachment,
      async ({ params, query, principal, request, reply }) =>
        readFileBody({ request, reply }, async (body) => {
          const { memberId, name } = toActor(principal)
          const asked = { organizationId: principal.organizationId, vulnerabilityId: params.id, name: query.name, body }
          return stageAttachment(deps, { ...asked, member: { memberId, name } })
        }),
      { isStreamed: true },
    ),
    bind(contract.getAttachment, async ({ params, principal: { organizationId }, reply }) => {
      await sendFile(reply, await openAttachment(opening, { organizationId, id: params.id }))
    }),
    bind(contract.removeAttachment, async ({ params, principal: { organizationId, memberId } }) => {
      await removeStagedAttachment(deps, { organizationId, id: params.id, memberId })
    }),
  ]
}
