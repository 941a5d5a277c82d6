import * as contract from '../../../../contract/delivery/public-links.ts'
import { getPublicFigure, listPublicRows, openPublicLink } from '../../../usecases/delivery/sharing/open-public-link.ts'
import {
  createPublicLink,
  listPublicLinks,
  revokePublicLink,
  updatePublicLinkSettings,
} from '../../../usecases/delivery/sharing/public-links.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind, bindPublic } from '../../route.ts'

/** A page asks for some ten figures; far less than it takes to guess anything, or to keep the database busy. */
const opensPerMinute = 30
const figuresPerMinute = 120

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

export function publicLinkRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listPublicLinks, async ({ principal: { organizationId } }) =>
      listPublicLinks(context, { organizationId }),
    ),
    bind(contract.updatePublicLinkSettings, async ({ body, principal, request }) =>
      updatePublicLinkSettings(context, { ...askedBy(principal, request), isOn: body.is_on }),
    ),
    bind(contract.createPublicLink, async ({ body, principal, request }) => {
      const { expires_in_days: expiresInDays, team_ids = [], labels = [], hours = 'all', ...rest } = body
      return createPublicLink(context, {
        ...askedBy(principal, request),
        view: { ...rest, team_ids, labels, hours },
        ...(expiresInDays !== undefined && { expiresInDays }),
      })
    }),
    bind(contract.revokePublicLink, async ({ params, principal, request }) =>
      revokePublicLink(context, { ...askedBy(principal, request), id: params.id }),
    ),
    ...guestRoutes(context),
  ]
}

function guestRoutes(context: HttpContext): BoundRoute[] {
  return [
    bindPublic(contract.openPublicLink, async ({ body }) => openPublicLink(context, body), {
      perMinute: opensPerMinute,
    }),
    bindPublic(contract.getPublicFigure, async ({ body }) => getPublicFigure(context, body), {
      perMinute: figuresPerMinute,
    }),
    bindPublic(contract.listPublicRows, async ({ body }) => listPublicRows(context, body), {
      perMinute: figuresPerMinute,
    }),
  ]
}
