import type { FastifyRequest } from 'fastify'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import { type Sim, stableUuid } from '../state.ts'

/** On every answer, refusals included. */
export const commonHeaders = {
  vary: 'Authorization, origin, Accept-Encoding',
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Accept-Ranges, Content-Encoding, Content-Length, Content-Type, ETag, Last-Modified, Location',
}

/** The answer to OPTIONS. */
export const preflightHeaders = {
  ...commonHeaders,
  'access-control-max-age': '86400',
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Origin, Range, X-Csrftoken, X-Requested-With',
}

const readable =
  /^(application\/([\w.-]+\+)?json|application\/(x-)?yaml|application\/x-www-(url-)?form-urlencoded|multipart\/form-data)\b/i

/** 411 for a write that does not say how long it is, 415 for a body in a form that is not read, 400 for JSON that is none. */
export function assertSendable(sim: Sim, request: FastifyRequest): void {
  if (request.method !== 'POST' && request.method !== 'PUT') return
  const { headers, body } = request
  const hasLength = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  if (!hasLength && sim.switches.writesWithoutLength === 'refused') throw new SimulatorError(411, 'Length Required')
  const type = headers['content-type']
  const isEmpty = !Buffer.isBuffer(body) || body.length === 0
  if (isEmpty && sim.switches.emptyJsonBody === 'refused' && /^application\/json\b/i.test(type ?? ''))
    throw badRequest('Bad Request')
  if (isEmpty || type === undefined || readable.test(type)) return
  throw new SimulatorError(415, 'Unsupported Media Type', { detail: `"${type}" is not supported.` })
}

/** What the remote tells for its own support: nothing a client may build on. */
export function tracingHeaders(sim: Sim): Record<string, string> {
  sim.answered += 1
  const id = stableUuid(sim.seed, `answer-${sim.answered}`).slice(1, -1)
  return {
    'atl-request-id': id,
    'atl-traceid': id.replaceAll('-', ''),
    'x-request-count': String(sim.answered % 10_000),
    'x-content-type-options': 'nosniff',
  }
}
