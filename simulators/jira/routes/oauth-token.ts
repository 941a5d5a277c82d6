import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Json, parseJson, stringAt } from '../../shared/json.ts'
import { bodyOf } from '../../shared/read-request.ts'
import type { Wire } from '../../shared/wire.ts'
import { findCredential, isLive } from '../auth/authenticate.ts'
import type { Credential } from '../model.ts'
import {
  accessibleScopes,
  grantByCode,
  grantByRefreshToken,
  OAuthError,
  type TokenAnswer,
} from '../operations/oauth.ts'
import { logRequest } from '../request-log.ts'
import type { Sim } from '../state.ts'

/** JSON as documented; a form, as RFC 6749 has it, is understood too. */
function readInput(request: FastifyRequest): unknown {
  const text = bodyOf(request).toString('utf8')
  if (/urlencoded/.test(request.headers['content-type'] ?? '')) return Object.fromEntries(new URLSearchParams(text))
  const parsed = parseJson(text)
  if (parsed === undefined) throw new OAuthError(400, 'invalid_request', 'The body is not valid JSON')
  return parsed
}

function grant(sim: Sim, input: unknown): TokenAnswer {
  const app = sim.apps.find((one) => one.clientId === stringAt(input, 'client_id'))
  if (app === undefined || app.clientSecret !== stringAt(input, 'client_secret'))
    throw new OAuthError(401, 'access_denied', 'Unauthorized')
  switch (stringAt(input, 'grant_type')) {
    case 'authorization_code':
      return grantByCode(sim, app, {
        code: stringAt(input, 'code') ?? '',
        redirectUri: stringAt(input, 'redirect_uri') ?? '',
      })
    case 'refresh_token':
      return grantByRefreshToken(sim, app, stringAt(input, 'refresh_token') ?? '')
    case undefined:
    default:
      throw new OAuthError(403, 'unsupported_grant_type', 'Grant type is not supported')
  }
}

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }

function answerToken(sim: Sim, request: FastifyRequest): Wire {
  try {
    return { status: 200, headers, body: JSON.stringify(grant(sim, readInput(request))) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return {
      status: error.status,
      headers,
      body: JSON.stringify({ error: error.code, error_description: error.message }),
    }
  }
}

function answerResources(sim: Sim, credential: Credential | undefined): Wire {
  if (credential?.kind !== 'oauth' || !isLive(sim, credential))
    return { status: 401, headers, body: JSON.stringify({ code: 401, message: 'Unauthorized' }) }
  const site: Json = {
    id: sim.site.cloudId,
    url: sim.url,
    name: sim.site.name,
    scopes: accessibleScopes(credential.scopes ?? []),
    avatarUrl: `${sim.url}/_web/icon.svg`,
  }
  return { status: 200, headers, body: JSON.stringify([site]) }
}

async function exchange(
  sim: Sim,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  answer: Wire,
): Promise<void> {
  logRequest(sim, request, { status: answer.status })
  await reply.code(answer.status).headers(answer.headers).send(answer.body)
}

/** What auth.atlassian.com and api.atlassian.com answer beside Jira itself. */
export function registerTokenEndpoints(app: FastifyInstance, sim: Sim): void {
  app.post('/oauth/token', async (request, reply) => await exchange(sim, { request, reply }, answerToken(sim, request)))
  // Open to everybody: how people with a scoped API token learn the cloud id of their site.
  app.get('/_edge/tenant_info', async () => ({ cloudId: sim.site.cloudId }))
  app.get('/oauth/token/accessible-resources', async (request, reply) => {
    await exchange(sim, { request, reply }, answerResources(sim, findCredential(sim, request.headers.authorization)))
  })
}
