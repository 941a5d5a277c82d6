import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormBody } from '../shared/form-body.ts'
import { parseJson } from '../shared/json.ts'
import { addressOf, bodyOf, paramsOf } from '../shared/read-request.ts'
import type { Wire } from '../shared/wire.ts'
import { chargeObjects, countRequest } from './answers/rate-limit.ts'
import { assertScope, authenticate, type Entrance, failedLogin, type Principal } from './auth/authenticate.ts'
import type { Answer, Call, Endpoint } from './call.ts'
import { badRequest, gatewayError, JiraError, notAuthenticated, refusal } from './jira-error.ts'
import { logRequest } from './request-log.ts'
import { endpoints } from './routes/endpoints.ts'
import type { Sim } from './state.ts'

interface Exchange {
  sim: Sim
  request: FastifyRequest
  entrance: Entrance
  /** undefined: no such path. */
  endpoint: Endpoint | undefined
  /** Of whatever the answer will be. */
  headers: Record<string, string>
}

const jsonType = 'application/json;charset=UTF-8'

function readBody(request: FastifyRequest): unknown {
  const body = bodyOf(request)
  if (body.length === 0) return undefined
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(type)) throw refusal(415, 'Unsupported Media Type')
  const parsed = parseJson(body.toString('utf8'))
  if (parsed === undefined) throw badRequest('There was an error parsing JSON. Check that your request body is valid.')
  return parsed
}

/** Browsers do not send this header for a page of another site. */
function readForm(request: FastifyRequest): Pick<Call, 'body' | 'form'> {
  const token = request.headers['x-atlassian-token']
  if (token !== 'no-check' && token !== 'nocheck') throw refusal(403, 'XSRF check failed')
  return { body: undefined, form: readFormBody(request.headers['content-type'] ?? '', bodyOf(request)) }
}

function baseOf({ sim, entrance }: Exchange): string {
  return entrance === 'site' ? sim.url : `${sim.url}/ex/jira/${sim.site.cloudId}`
}

function assertSite(exchange: Exchange, params: Record<string, string>): void {
  if (exchange.entrance === 'gateway' && params['cloudId'] !== exchange.sim.site.cloudId)
    throw gatewayError(404, 'No site was found for this cloudId')
}

function assertMayCall(endpoint: Endpoint, principal: Principal): void {
  if (principal.kind === 'known') assertScope(principal.credential, endpoint.scope)
  else if (endpoint.isOpen !== true) throw notAuthenticated()
}

/** The issue written to. What names none is one name: nobody can have budgets without end. */
function writesTo({ sim, endpoint }: Exchange, params: Record<string, string>): string | undefined {
  const name = params['issue']?.toUpperCase()
  if (endpoint === undefined || endpoint.method === 'GET' || name === undefined) return undefined
  return sim.issues.find((one) => one.key === name || one.id === name)?.key ?? 'none'
}

function run(exchange: Exchange): Wire {
  const { sim, request, endpoint, entrance } = exchange
  const principal = authenticate(sim, request.headers.authorization, entrance)
  const credential = principal.kind === 'known' ? principal.credential : undefined
  Object.assign(exchange.headers, identity(principal))
  const params = paramsOf(request)
  assertSite(exchange, params)
  if (endpoint === undefined) throw new JiraError(404, null, { message: 'Not found' })
  const name = `${endpoint.method} ${endpoint.path}`
  const tooMany = countRequest(sim, { credential, endpoint: name, writesTo: writesTo(exchange, params) })
  if (tooMany !== undefined) return tooMany
  assertMayCall(endpoint, principal)
  const call: Call = {
    sim,
    principal,
    base: baseOf(exchange),
    params,
    query: addressOf(request).query,
    ...(endpoint.takesForm === true ? readForm(request) : { body: readBody(request), form: undefined }),
  }
  const answer = endpoint.handle(call)
  Object.assign(exchange.headers, chargeObjects(sim, credential, answer.objects ?? 0))
  return toWire(answer, exchange.headers)
}

function identity(principal: Principal): Record<string, string> {
  if (principal.kind === 'known') return { 'x-aaccountid': encodeURIComponent(principal.person.accountId) }
  return principal.hasFailed ? failedLogin : {}
}

function toWire(answer: Answer, headers: Record<string, string>): Wire {
  const all = { ...headers, ...answer.headers, 'cache-control': 'no-cache, no-store, no-transform' }
  if (answer.file !== undefined) {
    const { contentType, bytes } = answer.file
    return { status: answer.status ?? 200, headers: { ...all, 'content-type': contentType }, body: bytes }
  }
  if (answer.body === undefined) return { status: answer.status ?? 204, headers: all, body: '' }
  return {
    status: answer.status ?? 200,
    headers: { ...all, 'content-type': jsonType },
    body: JSON.stringify(answer.body),
  }
}

function refused(exchange: Exchange, error: unknown): Wire {
  if (error instanceof JiraError) {
    const body = error.body === null ? '' : JSON.stringify(error.body)
    return { status: error.status, headers: { ...exchange.headers, ...error.headers, 'content-type': jsonType }, body }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`simulated Jira failed: ${text}\n`)
  const body = JSON.stringify({ errorMessages: ['Internal server error'], errors: {} })
  return { status: 500, headers: { 'content-type': jsonType }, body }
}

function answerTo(exchange: Exchange): Wire {
  try {
    return run(exchange)
  } catch (error) {
    return refused(exchange, error)
  }
}

async function handle(exchange: Exchange, reply: FastifyReply): Promise<void> {
  const { sim, request } = exchange
  logRequest(sim, request, { status: 0 })
  const wire = answerTo(exchange)
  logRequest(sim, request, { status: wire.status })
  await reply.code(wire.status).headers(wire.headers).send(wire.body)
}

/** Everything below /rest and /ex/jira/{cloudId}, unknown paths included. */
export function registerApi(app: FastifyInstance, sim: Sim): void {
  const entrances = { site: '', gateway: '/ex/jira/:cloudId' } as const
  for (const entrance of ['site', 'gateway'] as const) {
    for (const endpoint of endpoints) {
      app.route({
        method: endpoint.method,
        url: `${entrances[entrance]}${endpoint.path}`,
        handler: async (request, reply) => await handle({ sim, request, entrance, endpoint, headers: {} }, reply),
      })
    }
  }
  app.setNotFoundHandler(async (request, reply) => {
    const entrance: Entrance = request.url.startsWith('/ex/') ? 'gateway' : 'site'
    if (/^\/(rest|ex)\//.test(request.url)) {
      const [, cloudId = ''] = /^\/ex\/jira\/([^/?]+)/.exec(request.url) ?? []
      Object.assign(request, { params: { cloudId } })
      return await handle({ sim, request, entrance, endpoint: undefined, headers: {} }, reply)
    }
    await reply.code(404).type('text/plain').send('Not Found')
  })
}
