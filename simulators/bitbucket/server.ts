import Fastify, { type FastifyInstance } from 'fastify'
import { registerApi } from './api.ts'
import { registerControl } from './control.ts'
import { registerGit } from './git/smart-http.ts'
import { registerTokenEndpoint } from './routes/oauth-token.ts'
import type { Sim } from './state.ts'
import { registerWebPages } from './web/register-web-pages.ts'

const largestRequest = 256 * 1024 * 1024

/** One host for what the real one spreads over api.bitbucket.org and bitbucket.org. */
export function buildServer(sim: Sim): FastifyInstance {
  const app = Fastify({
    bodyLimit: largestRequest,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
  })
  app.removeAllContentTypeParsers()
  // Bodies are read as bytes: what they mean is the endpoint's business.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  registerControl(app, sim)
  registerTokenEndpoint(app, sim)
  registerApi(app, sim)
  registerGit(app, sim)
  registerWebPages(app, sim)
  return app
}
