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

/** The address a grant may go back to: the registered one, or one that extends it. */
function checkRedirect(consumer: Consumer, wanted: string | null): string {
  if (wanted === null || wanted === '') return consumer.callbackUrl
  if (consumer.callbackUrl !== '' && wanted.startsWith(consumer.callbackUrl)) return wanted
  throw new OAuthError('invalid_request', 'redirect_uri does not match the registered callback URL.')
}

export interface AuthorizationRequest {
  consumer: Consumer
  /** As asked for; null when the request named none. */
  redirectUri: string | null
  state: string | null
}

/** Checks the parameters of /site/oauth2/authorize. Throws OAuthError, which must be shown and never redirected. */
export function readAuthorizationRequest(sim: Sim, query: URLSearchParams): AuthorizationRequest {
  const consumer = findConsumer(sim, query.get('client_id') ?? '')
  if (consumer === undefined) throw new OAuthError('invalid_client', 'Unknown client_id.')
  if ((query.get('response_type') ?? 'code') !== 'code')
    throw new OAuthError('unsupported_response_type', 'Only response_type=code is supported.')
  const redirectUri = query.get('redirect_uri')
  checkRedirect(consumer, redirectUri)
  return { consumer, redirectUri, state: query.get('state') }
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
  scope: string
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
    scope: consumer.scopes.filter((scope) => oauthScopes.includes(scope)).join(' '),
    token_type: 'bearer',
    expires_in: seconds,
    state: grant.kind,
  }
  if (!grant.withRefresh) return answer
  const refresh = sim.newSecret(18)
  sim.refreshTokens.set(refresh, { consumerKey: consumer.key, person, scopes: consumer.scopes, used: false })
  return { ...answer, refresh_token: refresh }
}

export function grantByCode(
  sim: Sim,
  consumer: Consumer,
  input: { code: string; redirectUri: string | null },
): TokenAnswer {
  const found = sim.codes.get(input.code)
  sim.codes.delete(input.code)
  if (found === undefined || found.consumerKey !== consumer.key || found.expiresAt < sim.clock()) {
    throw new OAuthError('invalid_grant', 'The specified code is not valid.')
  }
  if (found.redirectUri !== null && input.redirectUri !== null && found.redirectUri !== input.redirectUri) {
    throw new OAuthError('invalid_grant', 'redirect_uri does not match the one of the authorization request.')
  }
  return issue(sim, { consumer, person: found.person, kind: 'authorization_code', withRefresh: true })
}

/** Refresh tokens are for one use: the answer brings the next one. */
export function grantByRefreshToken(sim: Sim, consumer: Consumer, token: string): TokenAnswer {
  const found = sim.refreshTokens.get(token)
  if (found === undefined || found.used || found.consumerKey !== consumer.key) {
    throw new OAuthError('invalid_grant', 'Invalid refresh_token')
  }
  found.used = true
  return issue(sim, { consumer, person: found.person, kind: 'refresh_token', withRefresh: true })
}

/** Acts as the consumer's own app user; brings no refresh token. */
export function grantByClientCredentials(sim: Sim, consumer: Consumer): TokenAnswer {
  if (!consumer.isPrivate)
    throw new OAuthError('unauthorized_client', 'Cannot use client_credentials with a consumer that is not private.')
  return issue(sim, { consumer, person: consumer.bot, kind: 'client_credentials', withRefresh: false })
}
