import * as contract from '../../../../contract/security/by-hand.ts'
import { createVulnerability } from '../../../usecases/security/vulnerabilities/create-vulnerability.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function byHandRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.createVulnerability, async ({ body, principal }) => {
      const { organizationId } = principal
      return createVulnerability(context, { ...body, organizationId, actor: toActor(principal), viewer: principal })
    }),
  ]
}
