import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { unsubscribe } from '../usecases/sync/calling/unsubscribe.ts'
import type { HttpContext } from './context.ts'

const query = z.object({ token: z.string().min(1).max(2000) })

/**
 * Where a reader's mail program ends mails by one POST, without a login and from wherever it runs. The page at the same
 * address asks first, so that a program which only follows links ends nothing. https://www.rfc-editor.org/rfc/rfc8058
 */
export function registerOneClickUnsubscribe(server: FastifyInstance, context: HttpContext): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined))
  server.post(
    '/unsubscribe',
    {
      schema: { hide: true, querystring: query },
      bodyLimit: 4096,
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { kinds } = await unsubscribe(context, query.parse(request.query))
      return reply.send({ kinds })
    },
  )
}
