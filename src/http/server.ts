import rateLimit from '@fastify/rate-limit'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { AppError } from '../lib/app-error.ts'
import { createWorkInHand } from '../lib/work-in-hand.ts'
import type { HttpContext } from './context.ts'
import { registerHealth } from './health.ts'
import { createLiveHub } from './live-hub.ts'
import { registerMetrics } from './metrics.ts'
import { registerOneClickUnsubscribe } from './one-click-unsubscribe.ts'
import { registerDocs, registerOpenApi } from './openapi.ts'
import { problemContentType, toAppError, toProblem } from './problem.ts'
import { registerRoute } from './register-route.ts'
import { registerRemoteHooks } from './remote-hooks.ts'
import { listRoutes } from './routes.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { createWebApp } from './web-app.ts'

const jsonLimitBytes = 1024 * 1024
/** An upload of the largest report on a slow line. */
const requestWithinMs = 15 * 60_000
/** Requests an address may make in a minute where a route sets no lower number. */
const requestsPerMinute = 6000
/** What a handler may still need to say how it ended after its connection was cut off by a stop. */
const lastWordsWithinMs = 1500

/** Everything that answers HTTP, not yet listening. */
export async function createServer(context: HttpContext): Promise<FastifyInstance> {
  const { settings } = context
  const loggerInstance: FastifyBaseLogger = context.log
  const server: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: context.newId,
    requestIdHeader: false,
    bodyLimit: jsonLimitBytes,
    requestTimeout: requestWithinMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    exposeHeadRoutes: false,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    routerOptions: { maxParamLength: 200 },
  })
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  server.decorateRequest('principal', null)
  server.decorateRequest('sessionToken', null)
  server.decorateRequest('bodyHash', null)
  registerProblems(server)
  registerRequestLog(server)
  registerJsonParser(server)
  await server.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () =>
      new AppError('rate_limited', 'Too many requests from this address; wait a minute and try again.'),
  })
  const hub = await createLiveHub({ listen: context.listen, log: context.log })
  server.addHook('preClose', async () => hub.close())
  registerMetrics(server, context, hub)
  await registerSecurityHeaders(server, settings.publicUrl.startsWith('https:'))
  await server.register(async (hooks) => registerRemoteHooks(hooks, context))
  await server.register(async (mails) => registerOneClickUnsubscribe(mails, context))
  await registerOpenApi(server, context)
  await registerRoutes(server, context, hub)
  registerHealth(server, context)
  registerDocs(server)
  server.setNotFoundHandler(createWebApp(settings.webFolder))
  return server
}

async function registerRoutes(server: FastifyInstance, context: HttpContext, hub: Parameters<typeof listRoutes>[1]) {
  const inHand = createWorkInHand()
  server.addHook('onClose', async () => inHand.settle(lastWordsWithinMs))
  const routes = listRoutes(context, hub).map((route) => ({
    ...route,
    answer: async (...exchange: Parameters<typeof route.answer>) => inHand.track(route.answer(...exchange)),
  }))
  for (const route of routes.filter(({ isStreamed }) => !isStreamed)) registerRoute(server, context, route)
  await server.register(async (streamed) => {
    streamed.removeAllContentTypeParsers()
    streamed.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    for (const route of routes.filter(({ isStreamed }) => isStreamed)) registerRoute(streamed, context, route)
  })
}

function registerProblems(server: FastifyInstance): void {
  server.setErrorHandler(async (error, request, reply) => {
    const problem = toAppError(error)
    if (problem.status >= 500)
      request.log.error({ err: problem.cause ?? error, code: problem.code }, 'a request failed')
    const wait = problem.meta?.['retry_after_s']
    if (typeof wait === 'number') void reply.header('retry-after', wait)
    if (problem.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer realm="weir"')
    void reply.code(problem.status).type(problemContentType)
    return JSON.stringify(toProblem(problem, request.id))
  })
}

function registerRequestLog(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    const { method, ip } = request
    const facts = { method, route: request.routeOptions.url ?? null, status: reply.statusCode, ip }
    const ms = Math.round(reply.elapsedTime)
    const isRefused = reply.statusCode === 401 || reply.statusCode === 403 || reply.statusCode === 429
    request.log[isRefused ? 'warn' : 'info']({ ...facts, ms }, isRefused ? 'request refused' : 'request')
  })
}

/** As the framework's own, but an empty body is none: a POST without fields need not send `{}`. */
function registerJsonParser(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    return parse(request, body, done)
  })
}
