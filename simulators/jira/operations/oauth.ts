import { grantableScopes, jiraScopes } from '../auth/scopes.ts'
import type { OAuthApp, Person, RefreshToken } from '../model.ts'
import type { Sim } from '../state.ts'

const codeLifetimeMs = 600_000
const dayMs = 86_400_000

/** A refusal of the login service, in RFC 6749's shape. */
export class OAuthError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, description: string) {
    super(description)
    this.status = status
    this.code = code
  }
}

export interface AuthorizationRequest {
  app: OAuthApp
  redirectUri: string
  scopes: string[]
  state: string | null
}

/** Checks the parameters of /authorize. Throws OAuthError, which must be shown and never redirected. */
export function readAuthorizationRequest(sim: Sim, query: URLSearchParams): AuthorizationRequest {
  const app = sim.apps.find((one) => one.clientId === query.get('client_id'))
  if (app === undefined) throw new OAuthError(400, 'invalid_request', 'client_id is unknown.')
  if (query.get('response_type') !== 'code')
    throw new OAuthError(400, 'unsupported_response_type', 'response_type must be code.')
  if (query.get('audience') !== 'api.atlassian.com')
    throw new OAuthError(400, 'invalid_request', 'audience must be api.atlassian.com.')
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!app.callbackUrls.includes(redirectUri))
    throw new OAuthError(400, 'invalid_request', 'redirect_uri is not registered for client.')
  const scopes = (query.get('scope') ?? '').split(/\s+/).filter((one) => one !== '')
  const isAllowed = (scope: string) =>
    grantableScopes.includes(scope) && (scope === 'offline_access' || app.scopes.includes(scope))
  const wrong = scopes.find((one) => !isAllowed(one))
  if (scopes.length === 0 || wrong !== undefined)
    throw new OAuthError(
      400,
      'invalid_scope',
      wrong === undefined ? 'scope is missing.' : `scope ${wrong} is not one of this app.`,
    )
  return { app, redirectUri, scopes, state: query.get('state') }
}

function withParameters(url: string, parameters: Record<string, string | null>): string {
  const target = new URL(url)
  for (const [name, value] of Object.entries(parameters)) if (value !== null) target.searchParams.set(name, value)
  return target.toString()
}

/** The person said yes: makes a single-use code (10 minutes) and answers the address to send the browser to. */
export function createAuthorizationCode(sim: Sim, person: Person, request: AuthorizationRequest): string {
  const { app, redirectUri, scopes, state } = request
  const code = sim.newSecret(60)
  sim.codes.set(code, { clientId: app.clientId, person, redirectUri, scopes, expiresAt: sim.clock() + codeLifetimeMs })
  return withParameters(redirectUri, { code, state })
}

export function denyAuthorization(request: AuthorizationRequest): string {
  const description = 'User did not authorize the request'
  return withParameters(request.redirectUri, {
    error: 'access_denied',
    error_description: description,
    state: request.state,
  })
}

export interface TokenAnswer {
  access_token: string
  expires_in: number
  token_type: 'Bearer'
  refresh_token?: string
  scope: string
}

interface Grant {
  clientId: string
  grantId: string
  person: Person
  scopes: string[]
}

function issue(sim: Sim, grant: Grant): TokenAnswer {
  const { clientId, grantId, person, scopes } = grant
  const seconds = sim.switches.oauthExpiresIn
  const token = `eyJraWQ${sim.newSecret(400)}`
  const expiresAt = sim.clock() + seconds * 1000
  sim.credentials.push({ kind: 'oauth', token, person, scopes, expiresAt, isRevoked: false, clientId, grantId })
  const answer: TokenAnswer = {
    access_token: token,
    expires_in: seconds,
    token_type: 'Bearer',
    scope: scopes.join(' '),
  }
  if (!scopes.includes('offline_access')) return answer
  const refresh: RefreshToken = {
    ...grant,
    token: `eyJraWR${sim.newSecret(200)}`,
    usedAt: null,
    idleUntil: sim.clock() + sim.switches.refreshIdleDays * dayMs,
    isRevoked: false,
  }
  sim.refreshTokens.push(refresh)
  return { ...answer, refresh_token: refresh.token }
}

export function grantByCode(sim: Sim, app: OAuthApp, input: { code: string; redirectUri: string }): TokenAnswer {
  const found = sim.codes.get(input.code)
  sim.codes.delete(input.code)
  const isGood =
    found?.clientId === app.clientId && found.expiresAt > sim.clock() && found.redirectUri === input.redirectUri
  if (found === undefined || !isGood) throw new OAuthError(403, 'invalid_grant', 'Invalid authorization code')
  const { person, scopes } = found
  return issue(sim, { clientId: app.clientId, grantId: sim.newUuid(), person, scopes })
}

/** Ends a consent: every access and refresh token that came of it. */
export function endGrant(sim: Sim, grantId: string): void {
  for (const one of sim.credentials) if (one.grantId === grantId) one.isRevoked = true
  for (const one of sim.refreshTokens) if (one.grantId === grantId) one.isRevoked = true
}

/** Refresh tokens rotate: each is for one use, the answer brings the next one. */
export function grantByRefreshToken(sim: Sim, app: OAuthApp, token: string): TokenAnswer {
  const { refreshReuseLeewaySeconds, refreshReuseEndsGrant } = sim.switches
  const wrong = new OAuthError(403, 'unauthorized_client', 'refresh_token is invalid')
  const found = sim.refreshTokens.find((one) => one.token === token && one.clientId === app.clientId)
  if (found === undefined || found.isRevoked || found.idleUntil < sim.clock() || !found.person.isActive) throw wrong
  const isReused = found.usedAt !== null && sim.clock() > found.usedAt + refreshReuseLeewaySeconds * 1000 - 1
  if (isReused) {
    if (refreshReuseEndsGrant) endGrant(sim, found.grantId)
    throw wrong
  }
  found.usedAt ??= sim.clock()
  const { clientId, grantId, person, scopes } = found
  return issue(sim, { clientId, grantId, person, scopes })
}

/** What `accessible-resources` lists for an access token. */
export function accessibleScopes(scopes: string[]): string[] {
  return scopes.filter((scope) => jiraScopes.some((one) => one === scope))
}
