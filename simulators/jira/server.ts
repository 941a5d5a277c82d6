import Fastify, { type FastifyInstance } from 'fastify'
import { withoutOrigin } from '../shared/read-request.ts'
import { registerApi } from './api.ts'
import { registerControl } from './control.ts'
import { registerFaults } from './faults.ts'
import { registerMedia } from './media-files.ts'
import { registerTokenEndpoints } from './routes/oauth-token.ts'
import type { Sim } from './state.ts'
import { registerWebPages } from './web/register-web-pages.ts'

const largestRequest = 128 * 1024 * 1024

/** One host for what the real one spreads over the site, api.atlassian.com and auth.atlassian.com. */
export function buildServer(sim: Sim, options: { withControl: boolean }): FastifyInstance {
  const app = Fastify({
    bodyLimit: largestRequest,
    forceCloseConnections: true,
    rewriteUrl: withoutOrigin,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
  })
  app.removeAllContentTypeParsers()
  // Bodies are read as bytes: what they mean is the endpoint's business.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  registerFaults(app, sim)
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('date', new Date(sim.clock()).toUTCString())
  })
  if (options.withControl) registerControl(app, sim)
  registerTokenEndpoints(app, sim)
  registerApi(app, sim)
  registerMedia(app, sim)
  registerWebPages(app, sim)
  return app
}
