import type { FastifyInstance } from 'fastify'
import { decodePercent } from '../../shared/decode-percent.ts'
import { bodyOf } from '../../shared/read-request.ts'
import type { Wire } from '../../shared/wire.ts'
import { readBasic } from '../auth/authenticate.ts'
import type { Consumer } from '../model.ts'
import {
  findConsumer,
  grantByClientCredentials,
  grantByCode,
  grantByRefreshToken,
  OAuthError,
  type TokenAnswer,
} from '../operations/oauth.ts'
import { logRequest } from '../request-log.ts'
import type { Sim } from '../state.ts'

const path = '/site/oauth2/access_token'

/** Client authentication by Basic, or by body parameters. */
function readClient(sim: Sim, authorization: string | undefined, form: URLSearchParams): Consumer {
  const basic = authorization === undefined ? undefined : readBasic(authorization)
  const key = basic?.username ?? form.get('client_id') ?? ''
  const secret = basic?.password ?? form.get('client_secret') ?? ''
  const consumer = findConsumer(sim, decodePercent(key) ?? key)
  if (consumer === undefined || consumer.secret !== (decodePercent(secret) ?? secret)) {
    throw new OAuthError('unauthorized_client', 'Invalid OAuth client credentials', 401)
  }
  return consumer
}

function grant(sim: Sim, authorization: string | undefined, form: URLSearchParams): TokenAnswer {
  const consumer = readClient(sim, authorization, form)
  const kind = form.get('grant_type')
  switch (kind) {
    case 'authorization_code':
      return grantByCode(sim, consumer, {
        code: form.get('code') ?? '',
        redirectUri: form.get('redirect_uri'),
        codeVerifier: form.get('code_verifier'),
      })
    case 'refresh_token':
      return grantByRefreshToken(sim, consumer, form.get('refresh_token') ?? '')
    case 'client_credentials':
      return grantByClientCredentials(sim, consumer)
    default:
      throw new OAuthError('unsupported_grant_type', `Unsupported grant type: ${kind ?? 'none'}`)
  }
}

function answer(sim: Sim, authorization: string | undefined, form: URLSearchParams): Wire {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' }
  try {
    return { status: 200, headers, body: JSON.stringify(grant(sim, authorization, form)) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return {
      status: error.status,
      headers,
      body: JSON.stringify({ error_description: error.message, error: error.code }),
    }
  }
}

export function registerTokenEndpoint(app: FastifyInstance, sim: Sim): void {
  app.post(path, async (request, reply) => {
    const form = new URLSearchParams(bodyOf(request).toString('utf8'))
    const wire = answer(sim, request.headers.authorization, form)
    logRequest(sim, request, { status: wire.status })
    await reply.code(wire.status).headers(wire.headers).send(wire.body)
  })
}
