import { recordIncident as recordIncidentRoute } from '../../../../contract/delivery/deployments.ts'
import * as filters from '../../../../contract/delivery/incident-filters.ts'
import * as contract from '../../../../contract/delivery/incidents.ts'
import {
  listIncidentFilters,
  removeIncidentFilter,
  updateIncidentFilter,
} from '../../../usecases/delivery/deployments/incident-filters.ts'
import { listIncidents } from '../../../usecases/delivery/deployments/list-incidents.ts'
import { recordIncident } from '../../../usecases/delivery/deployments/record-incident.ts'
import { removeIncident } from '../../../usecases/delivery/deployments/remove-incident.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

export function incidentRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(recordIncidentRoute, async ({ body, principal }) => {
      const { organizationId, tokenId } = principal
      return recordIncident(context, { ...body, organizationId, source: tokenId === null ? 'person' : 'push' })
    }),
    bind(contract.listIncidents, async ({ query, principal: { organizationId } }) =>
      listIncidents(context, { ...query, organizationId }),
    ),
    bind(contract.removeIncident, async ({ params: { id }, principal, request }) =>
      removeIncident(context, { ...askedBy(principal, request), id }),
    ),
    bind(filters.listIncidentFilters, async ({ principal: { organizationId } }) =>
      listIncidentFilters(context, { organizationId }),
    ),
    bind(filters.updateIncidentFilter, async ({ params: { id }, body, principal, request }) =>
      updateIncidentFilter(context, { ...askedBy(principal, request), id, wish: body }),
    ),
    bind(filters.removeIncidentFilter, async ({ params: { id }, principal, request }) =>
      removeIncidentFilter(context, { ...askedBy(principal, request), id }),
    ),
  ]
}
