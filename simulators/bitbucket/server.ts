import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { withoutOrigin } from '../shared/read-request.ts'
import { answerUnknownPath, registerApi } from './api.ts'
import { registerControl } from './control.ts'
import { registerFaults } from './faults.ts'
import { registerGit } from './git/smart-http.ts'
import { registerOneTimeFiles } from './one-time-files.ts'
import { registerLogStorage } from './pipelines/log-storage.ts'
import { registerHookRequests } from './routes/hook-requests.ts'
import { registerTokenEndpoint } from './routes/oauth-token.ts'
import type { Sim } from './state.ts'
import { registerArchives } from './web/archives.ts'
import { registerAvatars } from './web/avatars.ts'
import { registerWebPages, sendMissingPage } from './web/register-web-pages.ts'

const largestRequest = 256 * 1024 * 1024

/** One host for what the real one spreads over api.bitbucket.org and bitbucket.org. */
export function buildServer(sim: Sim, options = { withControl: false }): FastifyInstance {
  const app = Fastify({
    bodyLimit: largestRequest,
    forceCloseConnections: true,
    rewriteUrl: withoutOrigin,
    // An address that cannot be decoded never reaches an endpoint.
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void reply.code(400).send({ type: 'error', error: { message: 'Bad request' } })
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
  })
  app.removeAllContentTypeParsers()
  // Bodies are read as bytes: what they mean is the endpoint's business.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  registerFaults(app, sim)
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('date', new Date(sim.clock() + sim.switches.clockSkewMs).toUTCString())
  })
  if (options.withControl) registerControl(app, sim)
  else for (const path of ['/__control', '/__control/*']) app.all(path, (_request, reply) => reply.callNotFound())
  registerTokenEndpoint(app, sim)
  registerLogStorage(app, sim)
  registerApi(app, sim)
  registerHookRequests(app, sim)
  registerGit(app, sim)
  registerOneTimeFiles(app, sim)
  registerAvatars(app, sim)
  registerArchives(app, sim)
  registerWebPages(app, sim)
  app.setNotFoundHandler(async (request, reply) => {
    if (/^\/2\.0(\/|\?|$)/.test(request.url)) await answerUnknownPath(sim, request, reply)
    else if (/text\/html/.test(request.headers.accept ?? '')) await sendMissingPage(sim, request, reply)
    else await reply.code(404).type('text/plain').send('Not Found')
  })
  return app
}
