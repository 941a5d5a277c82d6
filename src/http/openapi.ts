import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { sessionCookieName } from '../usecases/access/accounts.ts'
import type { HttpContext } from './context.ts'
import { renderDocsPage } from './docs-page.ts'

export const openApiPath = '/api/openapi.json'
export const docsPath = '/api/docs'

/** Before the routes: collects them into an OpenAPI 3.1 document. */
export async function registerOpenApi(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { version, isSecureContext } = context.settings
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Weir',
        version,
        description:
          'Failures are application/problem+json (RFC 9457). Lists are paged by cursor: `next` of one answer is the `cursor` of the following request. Creating POSTs take an Idempotency-Key. Writes with a session cookie need the header Origin or Sec-Fetch-Site, which browsers send by themselves.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token, made under Settings.' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookieName(isSecureContext) },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  })
}

/** After the routes: the document and a page to read it. */
export function registerDocs(server: FastifyInstance): void {
  server.get(openApiPath, { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-cache')
    return server.swagger()
  })
  server.get(docsPath, { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
    return renderDocsPage(server.swagger())
  })
}
