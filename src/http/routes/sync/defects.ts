import * as contract from '../../../../contract/sync/defects.ts'
import { createRemember } from '../../../lib/remember.ts'
import { openConnection, openJiraConnection } from '../../../usecases/remotes/open-connection.ts'
import { linkItem } from '../../../usecases/sync/link-item.ts'
import { listDefects } from '../../../usecases/sync/list-defects.ts'
import { sendVulnerability } from '../../../usecases/sync/send-vulnerability.ts'
import { unlinkItem } from '../../../usecases/sync/unlink-item.ts'
import type { HttpContext } from '../../context.ts'
import { toActor, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function defectRoutes(context: HttpContext): BoundRoute[] {
  const opening = {
    ...context,
    connect: async (key: Parameters<typeof openConnection>[1]) => openConnection(context, key),
    connectJira: async (key: Parameters<typeof openJiraConnection>[1]) => openJiraConnection(context, key),
    remember: createRemember({ clock: context.clock, ttlMs: 60_000, limit: 100 }),
  }
  return [
    bind(contract.listDefects, async ({ params, principal: { organizationId } }) =>
      listDefects(context, { organizationId, vulnerabilityId: params.id }),
    ),
    bind(contract.sendVulnerability, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const { tracker } = body
      const actor = toActor(principal)
      return sendVulnerability(context, { organizationId, vulnerabilityId: params.id, tracker, actor })
    }),
    bind(contract.linkVulnerability, async ({ params, body: { item }, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return linkItem(opening, { organizationId, vulnerabilityId: params.id, item, actor })
    }),
    bind(contract.unlinkDefect, async ({ params, principal, request }) => {
      const { organizationId } = principal
      await unlinkItem(context, { organizationId, defectId: params.id, actor: toAuditActor(principal, request.ip) })
    }),
  ]
}
