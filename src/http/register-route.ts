import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { problem } from '../../contract/primitives.ts'
import type { AnyRoute } from '../../contract/route.ts'
import { checkAccess } from './access.ts'
import type { HttpContext } from './context.ts'
import { withIdempotency } from './idempotency.ts'
import { problemContentType } from './problem.ts'
import type { BoundRoute } from './route.ts'

/** Puts a route of the contract into the server: schemas, access check, rate limit, idempotency, documentation. */
export function registerRoute(server: FastifyInstance, context: HttpContext, route: BoundRoute): void {
  const { definition, perMinute } = route
  const answer = withIdempotency(context, route)
  const asking = { ...context, db: context.preparedDb }
  server.route({
    method: definition.method,
    url: definition.path,
    schema: toSchema(definition, route.isStreamed),
    config: perMinute === undefined ? {} : { rateLimit: { max: perMinute, timeWindow: 60_000 } },
    // Not onRequest: the limit of requests is counted there behind a route's own hooks, and what is refused must count.
    preParsing: async (request: FastifyRequest, reply: FastifyReply) =>
      checkAccess(asking, definition.access, { request, reply }),
    handler: async (request, reply) => {
      const given = await answer(request, reply)
      // A stream that was taken over answers by itself.
      if (reply.sent) return reply
      void reply.code(definition.status)
      return definition.status === 204 ? reply.send() : given
    },
    ...(route.isStreamed && { bodyLimit: context.settings.maxReportBytes }),
  })
}

const problemAnswer = {
  description: 'A failure, with a code of the catalogue and an id to quote (RFC 9457)',
  content: { [problemContentType]: { schema: problem } },
}

function toSchema(definition: AnyRoute, isStreamed: boolean) {
  const { params, query, body, response, access } = definition
  const success = response ?? z.null().describe(definition.status === 204 ? 'Done' : 'A stream')
  return {
    operationId: definition.id,
    summary: definition.summary,
    tags: [definition.tag],
    'x-weir-access': access,
    ...(access === 'public' && { security: [] }),
    ...(access === 'session' && { security: [{ session: [] }] }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...(isStreamed && {
      consumes: [
        'application/octet-stream',
        'application/json',
        'application/sarif+json',
        'application/xml',
        'text/csv',
      ],
    }),
    response: { [definition.status]: success, default: problemAnswer },
  }
}
