import type { FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import * as contract from '../../../../contract/access/session.ts'
import { listPermissions } from '../../../domain/permissions.ts'
import { AppError, isAppError } from '../../../lib/app-error.ts'
import { getInstance } from '../../../store/access/instance.ts'
import { findMember } from '../../../store/access/members.ts'
import { findOrganization } from '../../../store/access/organizations.ts'
import { countUnread } from '../../../store/sync/notifications.ts'
import { changePassword } from '../../../usecases/access/change-password.ts'
import { completeSetup } from '../../../usecases/access/complete-setup.ts'
import { logIn } from '../../../usecases/access/log-in.ts'
import { logOut } from '../../../usecases/access/log-out.ts'
import type { HttpContext } from '../../context.ts'
import type { LoginThrottle } from '../../login-throttle.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind, bindPublic } from '../../route.ts'

/** Tries an address may make in a minute at routes that take a password or a one-time token. */
export const guessesPerMinute = 60

export function sessionRoutes(context: HttpContext, throttle: LoginThrottle): BoundRoute[] {
  return [
    bindPublic(contract.getSetup, async () => ({
      needed: (await getInstance(context.db)).setupDoneAt === null,
      is_demo: context.settings.isDemo,
      version: context.settings.version,
    })),
    bindPublic(
      contract.completeSetup,
      async ({ body, request, reply }) => {
        const { setup_token: setupToken, organization_name: organizationName, name, email, password } = body
        const { isDemo } = context.settings
        const ipAddress = request.ip
        await completeSetup(context, { setupToken, organizationName, name, email, password, isDemo, ipAddress })
        return startSession(context, { email, password, request, reply })
      },
      { perMinute: guessesPerMinute },
    ),
    bindPublic(
      contract.logIn,
      async ({ body: { email, password }, request, reply }) =>
        throttle.attempt({ account: email, isWrong: isRefusal }, async () =>
          startSession(context, { email, password, request, reply }),
        ),
      { perMinute: guessesPerMinute },
    ),
    bind(contract.getSession, async ({ principal }) => readSession(context, principal)),
    bind(contract.logOut, async ({ principal, request, reply }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const cookies = await logOut(context, { organizationId, cookie: request.headers.cookie ?? '', actor })
      void reply.header('set-cookie', cookies)
    }),
    bind(
      contract.changePassword,
      async ({ body, principal, request }) => {
        const { organizationId, userId, sessionId, email } = principal
        const { current_password: currentPassword, new_password: newPassword } = body
        const actor = toAuditActor(principal, request.ip)
        const input = { organizationId, userId, sessionId, email, currentPassword, newPassword, actor }
        await throttle.attempt({ account: email, isWrong: isWrongPassword }, async () => changePassword(context, input))
      },
      { perMinute: guessesPerMinute },
    ),
  ]
}

/** Whether a login was refused for its password or address. */
export function isRefusal(error: unknown): boolean {
  return isAppError(error, 'unauthenticated')
}

function isWrongPassword(error: unknown): boolean {
  return isAppError(error, 'forbidden')
}

type Start = {
  email: string
  password: string
  /** The one to enter, for a user of several. */
  organizationId?: string
  request: FastifyRequest
  reply: FastifyReply
}

/** Logs in and answers the session as the page needs it. */
export async function startSession(context: HttpContext, start: Start): Promise<z.output<typeof contract.session>> {
  const { email, password, organizationId, request, reply } = start
  const former = await context.accounts.readSession(request.headers.cookie ?? '')
  const done = await logIn(context, {
    email,
    password,
    ipAddress: request.ip,
    userAgent: request.headers['user-agent'],
    formerToken: former?.token,
    ...(organizationId !== undefined && { organizationId }),
  })
  void reply.header('set-cookie', done.cookies)
  const member = await findMember(context.db, done.organizationId, done.memberId)
  if (member === undefined) throw new AppError('unauthenticated', 'Log in again.')
  const { id: memberId, userId, name, role } = member
  const principal = { organizationId: done.organizationId, memberId, userId, name, email: member.email, role }
  return readSession(context, { ...principal, scopes: null, tokenId: null, sessionId: null })
}

async function readSession(context: HttpContext, principal: Principal): Promise<z.output<typeof contract.session>> {
  const { organizationId, memberId, name, email, role } = principal
  const organization = await findOrganization(context.db, organizationId)
  if (organization === undefined) throw new AppError('unauthenticated', 'Log in again.')
  return {
    member: { id: memberId, name, email, role },
    organization: { id: organization.id, name: organization.name, is_demo: organization.isDemo },
    permissions: listPermissions(principal),
    unread_notifications: await countUnread(context.db, { organizationId, memberId }),
  }
}
