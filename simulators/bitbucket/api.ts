import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormBody } from '../shared/form-body.ts'
import { parseJson } from '../shared/json.ts'
import { addressOf, bodyOf, paramsOf } from '../shared/read-request.ts'
import type { Wire } from '../shared/wire.ts'
import { isBrownOut } from './answers/brown-out.ts'
import { selectFields } from './answers/fields.ts'
import { assertSendable, commonHeaders, preflightHeaders, tracingHeaders } from './answers/http-rules.ts'
import { bucketOf, countRequest } from './answers/rate-limit.ts'
import { tooManyRequests } from './answers/too-many-requests.ts'
import {
  anonymousRefusal,
  assertNoStrayToken,
  assertOpenToAccessTokens,
  assertScopes,
  authenticate,
  credentialLabel,
  NoScopesError,
  ownScopes,
  type Principal,
  requiredScopes,
} from './auth/authenticate.ts'
import { reachRepository } from './auth/permission.ts'
import type { Answer, Call, Endpoint } from './call.ts'
import { wholeOf } from './render/whole-object.ts'
import { logRequest } from './request-log.ts'
import { endpoints } from './routes/endpoints.ts'
import { badRequest, goneError, notFound, SimulatorError, toEnvelope } from './simulator-error.ts'
import { viewOf } from './stale-reads.ts'
import type { Sim } from './state.ts'

/** Empty answers have a type too: the `bitbucket` package of npm cannot read a 204 without one. */
const emptyType = 'text/html; charset=utf-8'

interface Exchange {
  sim: Sim
  request: FastifyRequest
  /** undefined: no such path. */
  endpoint: Endpoint | undefined
  principal: Principal
  credential: 'anonymous' | 'invalid' | Extract<Principal, { kind: 'known' }>['credential']['kind']
  headers: Record<string, string>
}

function formOf(request: FastifyRequest): URLSearchParams {
  const isForm = /urlencoded/.test(request.headers['content-type'] ?? '')
  return new URLSearchParams(isForm ? bodyOf(request).toString('utf8') : '')
}

function readBody(request: FastifyRequest): unknown {
  const body = bodyOf(request)
  const contentType = request.headers['content-type'] ?? ''
  // A multipart form is read by the few endpoints that take one.
  if (body.length === 0 || /^multipart\//i.test(contentType)) return undefined
  const text = body.toString('utf8')
  if (/urlencoded/.test(contentType)) return Object.fromEntries(new URLSearchParams(text))
  // A pipeline's definition: its endpoint reads the text.
  if (/\byaml\b/.test(contentType)) return text
  const parsed = parseJson(text)
  if (parsed === undefined) throw badRequest('Bad request')
  return parsed
}

function identify(exchange: Exchange): void {
  exchange.credential = 'invalid'
  if (exchange.request.headers.authorization === undefined)
    assertNoStrayToken(addressOf(exchange.request).query, formOf(exchange.request))
  exchange.principal = authenticate(exchange.sim, exchange.request.headers.authorization)
  exchange.credential = exchange.principal.kind === 'anonymous' ? 'anonymous' : exchange.principal.credential.kind
  exchange.headers['x-credential-type'] = credentialLabel(exchange.principal)
  if (exchange.principal.kind === 'known')
    exchange.headers['x-oauth-scopes'] = ownScopes(exchange.principal.credential).join(', ')
}

function assertNotGone({ sim, endpoint, request, principal }: Exchange): void {
  if (endpoint?.goneWith === undefined) return
  if (sim.mode !== '2026' && !(endpoint.goneWith === 'CHANGE-3071' && isBrownOut(sim, 'issues'))) return
  if (endpoint.goneWith === 'CHANGE-3071' && sim.switches.removedIssuesOrder === '404_first') {
    const { workspace = '', slug = '' } = paramsOf(request)
    reachRepository(sim, principal, { workspace, slug, wanted: 'read' })
  }
  throw goneError(endpoint.goneWith)
}

async function run(exchange: Exchange): Promise<Answer> {
  const { sim, request, endpoint, headers } = exchange
  identify(exchange)
  const { path: address, query } = addressOf(request)
  const path = address.replace(/^\/2\.0/, '')
  const bucket = bucketOf(sim, endpoint)
  const rate = countRequest(sim, { principal: exchange.principal, ip: request.ip, bucket })
  Object.assign(headers, rate.headers)
  if (!rate.allowed) return tooMany(sim)
  if (endpoint === undefined) throw notFound('There is no API hosted at this URL')
  assertNotGone(exchange)
  assertSendable(sim, request)
  assertOpenToAccessTokens(exchange.principal, endpoint)
  if (endpoint.need !== undefined) {
    headers['x-accepted-oauth-scopes'] = endpoint.need.oauth.join(', ')
    if (exchange.principal.kind === 'known') {
      const { credential } = exchange.principal
      if (requiredScopes(credential, endpoint.need).length > 0) assertScopes(credential, endpoint.need)
    }
  }
  if (exchange.principal.kind === 'anonymous' && endpoint.method !== 'GET') throw anonymousRefusal(sim, 'Resource')
  const call: Call = {
    sim: viewOf(sim, request),
    principal: exchange.principal,
    params: paramsOf(request),
    query,
    body: readBody(request),
    headers: request.headers,
    form: () => readFormBody(request.headers['content-type'] ?? '', bodyOf(request)),
    path,
  }
  const answer = await endpoint.handle(call)
  if (sim.switches.deprecationHeaders && endpoint.goneWith === 'CHANGE-3071') Object.assign(headers, deprecation)
  return answer
}

const deprecation = {
  deprecation: '@1771545600',
  sunset: 'Fri, 21 Aug 2026 00:00:00 GMT',
  link: '<https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3071>; rel="deprecation"; type="text/html"',
}

function tooMany(sim: Sim): Answer {
  const { status, headers, body } = tooManyRequests(sim, sim.switches.retryAfterSeconds)
  return { status, raw: { contentType: 'text/plain', bytes: body }, headers }
}

/** The caller has it already, as its tag says. */
function hasSeen(request: FastifyRequest, etag: string | undefined): boolean {
  return etag !== undefined && (request.headers['if-none-match'] ?? '').split(/,\s*/).includes(etag)
}

function toWire(exchange: Exchange, answer: Answer): Wire {
  const { sim, request, headers, principal } = exchange
  const status = answer.status ?? 200
  const all: Record<string, string> = {
    ...headers,
    ...answer.headers,
    ...commonHeaders,
  }
  if (answer.raw !== undefined) {
    if (status === 200 && hasSeen(request, all['etag'])) return { status: 304, headers: all, body: '' }
    return { status, headers: { ...all, 'content-type': answer.raw.contentType }, body: answer.raw.bytes }
  }
  if (answer.body === undefined) return { status, headers: { ...all, 'content-type': emptyType }, body: '' }
  const { query } = addressOf(request)
  const selected = selectFields(answer.body, query.get('fields'), {
    hidden: answer.hidden ?? [],
    expand: (condensed) => wholeOf(sim, principal, condensed),
  })
  const body = JSON.stringify(selected)
  all['content-type'] = 'application/json; charset=utf-8'
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status, headers: all, body }
  const etag = `W/"${createHash('md5').update(body).digest('hex')}"`
  all['etag'] = etag
  if (principal.kind === 'anonymous') all['cache-control'] = 'max-age=900'
  if (status === 200 && hasSeen(request, etag)) return { status: 304, headers: all, body: '' }
  return { status, headers: all, body }
}

function refusal(exchange: Exchange, error: unknown): Wire {
  const headers = { ...exchange.headers, ...commonHeaders, 'content-type': 'application/json; charset=utf-8' }
  if (error instanceof NoScopesError) {
    return { status: 401, headers, body: JSON.stringify({ error: 'API Token provided has no Bitbucket scopes.' }) }
  }
  if (error instanceof SimulatorError) {
    return {
      status: error.status,
      headers: { ...headers, ...error.parts.headers },
      body: JSON.stringify(toEnvelope(error)),
    }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`simulated Bitbucket failed: ${text}\n`)
  return { status: 500, headers, body: JSON.stringify({ type: 'error', error: { message: 'Something went wrong' } }) }
}

async function answer(exchange: Exchange): Promise<Wire> {
  try {
    return toWire(exchange, await run(exchange))
  } catch (error) {
    return refusal(exchange, error)
  }
}

async function handle(
  sim: Sim,
  endpoint: Endpoint | undefined,
  exchange: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> {
  const { request, reply } = exchange
  const one: Exchange = {
    sim,
    request,
    endpoint,
    principal: { kind: 'anonymous' },
    credential: 'anonymous',
    headers: tracingHeaders(sim),
  }
  const wire = await answer(one)
  logRequest(sim, request, {
    status: wire.status,
    credential: one.credential,
    username: one.principal.kind === 'known' ? one.principal.person.username : null,
  })
  // Fastify takes the type off a 204 whose body is text, if an empty one; off null it does not.
  await reply
    .code(wire.status)
    .headers(wire.headers)
    .send(wire.status === 204 ? null : wire.body)
}

/** Every operation below /2.0. */
export function registerApi(app: FastifyInstance, sim: Sim): void {
  for (const endpoint of endpoints) {
    app.route({
      method: endpoint.method,
      url: `/2.0${endpoint.path}`,
      handler: async (request, reply) => await handle(sim, endpoint, { request, reply }),
    })
  }
  app.options('/2.0/*', async (_request, reply) => {
    await reply.code(204).headers(preflightHeaders).send()
  })
}

/** An address below /2.0 that is none of ours: counted and refused like the others. */
export async function answerUnknownPath(sim: Sim, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await handle(sim, undefined, { request, reply })
}
