import * as contract from '../../../../contract/access/members.ts'
import { type Invitation, listOpenInvitations } from '../../../store/access/invitations.ts'
import { listMembers, type Member } from '../../../store/access/members.ts'
import { parsePageRequest, toPage } from '../../../store/page.ts'
import { acceptInvitation, lookUpInvitation } from '../../../usecases/access/accept-invitation.ts'
import { inviteMember, revokeInvitation } from '../../../usecases/access/invite-member.ts'
import { updateMember } from '../../../usecases/access/update-member.ts'
import type { HttpContext } from '../../context.ts'
import type { LoginThrottle } from '../../login-throttle.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind, bindPublic } from '../../route.ts'
import { guessesPerMinute, isRefusal, startSession } from './session.ts'

export function memberRoutes(context: HttpContext, throttle: LoginThrottle): BoundRoute[] {
  return [
    bind(contract.listMembers, async ({ query, principal }) => {
      const page = parsePageRequest(query)
      return toPage(await listMembers(context.db, principal.organizationId, page), page.limit, toMember)
    }),
    bind(contract.updateMember, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return toMember(await updateMember(context, { organizationId, memberId: params.id, ...body, actor }))
    }),
    ...invitationRoutes(context, throttle),
  ]
}

function invitationRoutes(context: HttpContext, throttle: LoginThrottle): BoundRoute[] {
  return [
    bind(contract.listInvitations, async ({ query, principal }) => {
      const page = parsePageRequest(query)
      const now = context.clock()
      const rows = await listOpenInvitations(context.db, principal.organizationId, { page, now })
      return toPage(rows, page.limit, toInvitation)
    }),
    bind(contract.createInvitation, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const publicUrl = context.settings.publicUrl
      const made = await inviteMember({ ...context, publicUrl }, { organizationId, ...body, actor })
      return { invitation: toInvitation(made.invitation), link: made.link }
    }),
    bind(contract.revokeInvitation, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      await revokeInvitation(context, { organizationId, invitationId: params.id, actor })
    }),
    bindPublic(
      contract.findInvitation,
      async ({ body }) => {
        const seen = await lookUpInvitation(context, body.token)
        const { organizationName, email, role, hasAccount } = seen
        return { organization_name: organizationName, email, role, has_account: hasAccount }
      },
      { perMinute: guessesPerMinute },
    ),
    bindPublic(
      contract.acceptInvitation,
      async ({ body, request, reply }) => {
        const { email: account } = await lookUpInvitation(context, body.token)
        // Whoever invites gets the link: it must be no side door to guess the password of the invited one's account.
        return throttle.attempt({ account, isWrong: isRefusal }, async () => {
          const { email, organizationId } = await acceptInvitation(context, { ...body, ipAddress: request.ip })
          return startSession(context, { email, password: body.password, organizationId, request, reply })
        })
      },
      { perMinute: guessesPerMinute },
    ),
  ]
}

function toMember(member: Member) {
  const { id, name, email, role, disabledAt, createdAt } = member
  const disabled_at = disabledAt?.toISOString() ?? null
  return { id, name, email, role, disabled_at, created_at: createdAt.toISOString() }
}

function toInvitation({ id, email, role, expiresAt, createdAt }: Invitation) {
  return { id, email, role, expires_at: expiresAt.toISOString(), created_at: createdAt.toISOString() }
}
