import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RouteAccess } from '../../contract/route.ts'
import { isPermitted } from '../domain/permissions.ts'
import { AppError } from '../lib/app-error.ts'
import { authenticateSession, authenticateToken } from '../usecases/access/authenticate.ts'
import type { HttpContext } from './context.ts'
import { judgeOrigin } from './origin-check.ts'
import type { Principal } from './principal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access check of the route; null on public routes. */
    principal: Principal | null
    /** Token of the session the cookie belongs to. */
    sessionToken: string | null
  }
}

type AccessContext = Pick<HttpContext, 'db' | 'clock' | 'accounts' | 'settings'>
type Found = { principal: Principal; sessionToken: string | null; cookies: readonly string[] }

/** Lets a request through to a route or throws `unauthenticated` or `forbidden`. Everything not allowed here is refused. */
export async function checkAccess(
  context: AccessContext,
  access: RouteAccess,
  exchange: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> {
  const { request, reply } = exchange
  const origin = judgeOrigin({
    method: request.method,
    headers: request.headers,
    publicOrigin: context.settings.publicUrl,
  })
  if (access === 'public') {
    if (origin === 'foreign') throw foreignOrigin()
    return
  }
  const found = await authenticate(context, request)
  if (found === undefined) throw unauthenticated(request)
  const { principal } = found
  if (principal.tokenId === null && origin !== 'same') throw foreignOrigin()
  requirePermission(principal, access)
  request.principal = principal
  request.sessionToken = found.sessionToken
  if (found.cookies.length > 0) void reply.header('set-cookie', found.cookies)
}

/** Who asks now: an Authorization header decides alone, so that a bad token never falls back to a cookie. */
export async function authenticate(context: AccessContext, request: FastifyRequest): Promise<Found | undefined> {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    const principal = token === undefined ? undefined : await authenticateToken(context, token)
    return principal === undefined ? undefined : { principal, sessionToken: null, cookies: [] }
  }
  if (cookie === undefined) return undefined
  const found = await authenticateSession(context, cookie)
  return found === undefined
    ? undefined
    : { principal: found.principal, sessionToken: found.token, cookies: found.cookies }
}

/** Whether whoever asked before is still allowed: for answers that stay open. */
export async function isStillAllowed(
  context: AccessContext,
  access: RouteAccess,
  request: FastifyRequest,
): Promise<boolean> {
  const found = await authenticate(context, request)
  if (found === undefined || access === 'public') return false
  const { principal } = found
  return access === 'session' ? principal.tokenId === null : isPermitted(principal, access)
}

function requirePermission(principal: Principal, access: Exclude<RouteAccess, 'public'>): void {
  if (access === 'session') {
    if (principal.tokenId === null) return
    throw new AppError('forbidden', 'This needs a login in the browser; an API token cannot do it.')
  }
  if (isPermitted(principal, access)) return
  const isTokenTooNarrow = principal.scopes !== null && isPermitted({ ...principal, scopes: null }, access)
  throw new AppError(
    'forbidden',
    isTokenTooNarrow
      ? 'The API token lacks the scope for this. Make one with a wider scope.'
      : `The role ${principal.role} does not allow this. Ask an administrator.`,
  )
}

function unauthenticated(request: FastifyRequest): AppError {
  if (request.headers.authorization !== undefined)
    return new AppError('unauthenticated', 'The API token is not valid: unknown, revoked or expired.')
  return new AppError('unauthenticated', 'Log in, or send an API token in the header "Authorization: Bearer …".')
}

function foreignOrigin(): AppError {
  return new AppError(
    'forbidden',
    'This change was asked for from another site. Programs send an API token, or the header Origin with the address of Weir.',
  )
}
