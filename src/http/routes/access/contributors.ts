import * as contract from '../../../../contract/access/contributors.ts'
import { listContributors, listMentionable, updateContributor } from '../../../usecases/access/contributors.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function contributorRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listContributors, async ({ query, principal: { organizationId } }) =>
      listContributors(context, { organizationId, ...query }),
    ),
    bind(contract.updateContributor, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const change = { contributorId: params.id, memberId: body.member_id, isBot: body.is_bot }
      return updateContributor(context, { organizationId, ...change, actor: toAuditActor(principal, request.ip) })
    }),
    bind(contract.listMentionable, async ({ query, principal: { organizationId } }) =>
      listMentionable(context, { organizationId, ...query }),
    ),
  ]
}
