import * as contract from '../../../../contract/delivery/reading.ts'
import { askForReading } from '../../../usecases/delivery/reading/ask-for-reading.ts'
import { getBadRecords, getReading } from '../../../usecases/delivery/reading/get-reading.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function readingRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getReading, async ({ params, principal: { organizationId } }) =>
      getReading(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.readNow, async ({ params, principal, request }) => {
      const actor = toAuditActor(principal, request.ip)
      await askForReading(context, { organizationId: principal.organizationId, connectionId: params.id, actor })
      return { queued: true as const }
    }),
    bind(contract.listBadRecords, async ({ params, principal: { organizationId } }) =>
      getBadRecords(context, { organizationId, connectionId: params.id }),
    ),
  ]
}
