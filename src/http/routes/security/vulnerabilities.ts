import * as contract from '../../../../contract/security/vulnerabilities.ts'
import { listTags } from '../../../store/security/vulnerability-tags.ts'
import { getVulnerability } from '../../../usecases/security/vulnerabilities/get-vulnerability.ts'
import { listVulnerabilities } from '../../../usecases/security/vulnerabilities/list-vulnerabilities.ts'
import { listVulnerabilityEvents } from '../../../usecases/security/vulnerabilities/list-vulnerability-events.ts'
import { moveVulnerability } from '../../../usecases/security/vulnerabilities/move-vulnerability.ts'
import { updateVulnerability } from '../../../usecases/security/vulnerabilities/update-vulnerability.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function vulnerabilityRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listVulnerabilities, async ({ query, principal: { organizationId, memberId } }) =>
      listVulnerabilities(context, { organizationId, memberId, query }),
    ),
    bind(contract.listVulnerabilityTags, async ({ principal: { organizationId } }) => ({
      items: await listTags(context.db, organizationId),
    })),
    bind(contract.getVulnerability, async ({ params, principal }) =>
      getVulnerability(context, { organizationId: principal.organizationId, id: params.id, viewer: principal }),
    ),
    bind(contract.listVulnerabilityEvents, async ({ params, query, principal: { organizationId, memberId } }) =>
      listVulnerabilityEvents(context, { organizationId, memberId, id: params.id, query }),
    ),
    bind(contract.moveVulnerability, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const asked = { organizationId, id: params.id, viewer: principal, actor: toActor(principal) }
      return moveVulnerability(context, { ...asked, ...body })
    }),
    bind(contract.updateVulnerability, async ({ params, body, principal }) => {
      const { organizationId } = principal
      const asked = { organizationId, id: params.id, viewer: principal, actor: toActor(principal) }
      return updateVulnerability(context, { ...asked, ...body })
    }),
  ]
}
