import { createHash } from 'node:crypto'
import { oauthScopes } from '../auth/scopes.ts'
import type { Consumer, Credential, Person } from '../model.ts'
import type { Sim } from '../state.ts'

/** A refusal of the token endpoint: RFC 6749's own error shape, not Bitbucket's envelope. */
export class OAuthError extends Error {
  readonly status: number
  readonly code: string

  constructor(code: string, description: string, status = 400) {
    super(description)
    this.code = code
    this.status = status
  }
}

export function findConsumer(sim: Sim, key: string): Consumer | undefined {
  return sim.consumers.find((one) => one.key === key)
}

/** Longer in its path or query: never another host whose name begins alike. */
function extendsUrl(wanted: string, registered: string): boolean {
  if (!URL.canParse(registered) || !URL.canParse(wanted)) return false
  const { origin, href } = new URL(wanted)
  return origin === new URL(registered).origin && href.startsWith(new URL(registered).href)
}

/** The address a grant may go back to: the registered one, or one that extends it. */
function checkRedirect(consumer: Consumer, wanted: string | null): string {
  if (!URL.canParse(consumer.callbackUrl))
    throw new OAuthError('invalid_request', 'This OAuth consumer has no callback URL yet (option --callback).')
  if (wanted === null || wanted === '') return consumer.callbackUrl
  if (extendsUrl(wanted, consumer.callbackUrl)) return wanted
  throw new OAuthError('invalid_request', 'redirect_uri does not match the registered callback URL.')
}

export interface AuthorizationRequest {
  consumer: Consumer
  /** As asked for; null when the request named none. */
  redirectUri: string | null
  state: string | null
  /** PKCE (RFC 7636), which the remote does not document. */
  codeChallenge: string | null
}

/** Checks the parameters of /site/oauth2/authorize. Throws OAuthError, which must be shown and never redirected. */
export function readAuthorizationRequest(sim: Sim, query: URLSearchParams): AuthorizationRequest {
  const consumer = findConsumer(sim, query.get('client_id') ?? '')
  if (consumer === undefined) throw new OAuthError('invalid_client', 'Unknown client_id.')
  if ((query.get('response_type') ?? 'code') !== 'code')
    throw new OAuthError('unsupported_response_type', 'Only response_type=code is supported.')
  const redirectUri = query.get('redirect_uri')
  checkRedirect(consumer, redirectUri)
  return { consumer, redirectUri, state: query.get('state'), codeChallenge: query.get('code_challenge') }
}

function withParameters(url: string, parameters: Record<string, string | null>): string {
  const target = new URL(url)
  for (const [name, value] of Object.entries(parameters)) if (value !== null) target.searchParams.set(name, value)
  return target.toString()
}

/** The person said yes: makes a single-use code (10 minutes) and answers the address to send the browser to. */
export function createAuthorizationCode(sim: Sim, request: AuthorizationRequest & { person: Person }): string {
  const code = sim.newSecret(20)
  sim.codes.set(code, {
    consumerKey: request.consumer.key,
    person: request.person,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    expiresAt: sim.clock() + 600_000,
  })
  return withParameters(checkRedirect(request.consumer, request.redirectUri), { code, state: request.state })
}

/** The person said no. */
export function denyAuthorization(request: AuthorizationRequest): string {
  return withParameters(checkRedirect(request.consumer, request.redirectUri), {
    error: 'access_denied',
    error_description: 'The resource owner or authorization server denied the request',
    state: request.state,
  })
}

export interface TokenAnswer {
  access_token: string
  /** As it is called since 2026-05-04. */
  scope?: string
  /** As it was called before. */
  scopes?: string
  token_type: 'bearer'
  expires_in: number
  refresh_token?: string
  state: string
}

interface Grant {
  consumer: Consumer
  person: Person
  kind: string
  withRefresh: boolean
}

function issue(sim: Sim, grant: Grant): TokenAnswer {
  const { consumer, person } = grant
  const token = `${sim.newSecret(60)}=`
  const seconds = sim.switches.oauthExpiresIn
  const credential: Credential = {
    kind: 'oauth',
    token,
    person,
    scopes: consumer.scopes,
    expiresAt: sim.clock() + seconds * 1000,
    revoked: false,
    resource: person.kind === 'app_user' ? { kind: 'workspace', uuid: consumer.workspace.uuid } : null,
    consumerKey: consumer.key,
  }
  sim.credentials.push(credential)
  const answer: TokenAnswer = {
    access_token: token,
    [sim.mode === '2026' ? 'scope' : 'scopes']: consumer.scopes
      .filter((scope) => oauthScopes.includes(scope))
      .join(' '),
    token_type: 'bearer',
    expires_in: seconds,
    state: grant.kind,
  }
  if (!grant.withRefresh) return answer
  const refresh = sim.newSecret(18)
  sim.refreshTokens.set(refresh, { consumerKey: consumer.key, person, issuedAt: sim.clock(), usedAt: null })
  return { ...answer, refresh_token: refresh }
}

export function grantByCode(
  sim: Sim,
  consumer: Consumer,
  input: { code: string; redirectUri: string | null; codeVerifier: string | null },
): TokenAnswer {
  const found = sim.codes.get(input.code)
  sim.codes.delete(input.code)
  if (found === undefined || found.consumerKey !== consumer.key || found.expiresAt < sim.clock()) {
    throw new OAuthError('invalid_grant', 'The specified code is not valid.')
  }
  if (found.redirectUri !== null && input.redirectUri !== null && found.redirectUri !== input.redirectUri) {
    throw new OAuthError('invalid_grant', 'redirect_uri does not match the one of the authorization request.')
  }
  if (sim.switches.pkce === 'checked' && found.codeChallenge !== null) {
    const computed = createHash('sha256')
      .update(input.codeVerifier ?? '')
      .digest('base64url')
    if (computed !== found.codeChallenge) throw new OAuthError('invalid_grant', 'code_verifier does not match.')
  }
  return issue(sim, { consumer, person: found.person, kind: 'authorization_code', withRefresh: true })
}

const refreshLifetimeMs = 90 * 86_400_000

/** Refresh tokens are for one use: the answer brings the next one. Unused they live three months. */
export function grantByRefreshToken(sim: Sim, consumer: Consumer, token: string): TokenAnswer {
  const found = sim.refreshTokens.get(token)
  const now = sim.clock()
  const graceMs = sim.switches.refreshTokenGraceSeconds * 1000
  const isSpent = found?.usedAt !== null && found?.usedAt !== undefined && now >= found.usedAt + graceMs
  if (found?.consumerKey !== consumer.key || isSpent || now > found.issuedAt + refreshLifetimeMs) {
    throw new OAuthError('invalid_grant', 'Invalid refresh_token')
  }
  found.usedAt ??= now
  return issue(sim, { consumer, person: found.person, kind: 'refresh_token', withRefresh: true })
}

/** Acts as the consumer's own app user; brings no refresh token. */
export function grantByClientCredentials(sim: Sim, consumer: Consumer): TokenAnswer {
  if (!consumer.isPrivate)
    throw new OAuthError('unauthorized_client', 'Cannot use client_credentials with a consumer that is not private.')
  return issue(sim, { consumer, person: consumer.bot, kind: 'client_credentials', withRefresh: false })
}
