import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormBody } from '../../shared/form-body.ts'
import { html } from '../../shared/html.ts'
import { addressOf, paramsOf } from '../../shared/read-request.ts'
import { readStyle } from '../../shared/read-style.ts'
import { OAuthError } from '../operations/oauth.ts'
import { explain, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { renderPage } from './layout.ts'
import { session } from './session.ts'
import { type Answer, redirect, show, type Visit } from './visit.ts'
import { routes, type WebRoute } from './web-routes.ts'

const assets = [
  {
    path: '/_web/pages.css',
    type: 'text/css; charset=utf-8',
    text: readStyle(new URL('pages.css', import.meta.url)),
  },
  {
    path: '/_web/lines.js',
    type: 'text/javascript; charset=utf-8',
    text: readFileSync(new URL('lines.js', import.meta.url), 'utf8'),
  },
  {
    path: '/_web/pipelines.js',
    type: 'text/javascript; charset=utf-8',
    text: readFileSync(new URL('pipelines.js', import.meta.url), 'utf8'),
  },
]

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Browsers send a file field without a choice as a file without a name. */
function readForm(request: FastifyRequest): Pick<Visit, 'form' | 'files'> {
  const { body } = request
  const parts = Buffer.isBuffer(body) ? (readFormBody(request.headers['content-type'] ?? '', body) ?? []) : []
  const form = new URLSearchParams()
  const files: Visit['files'] = []
  for (const { name, filename, contentType, bytes } of parts) {
    if (filename === null) form.append(name, bytes.toString('utf8'))
    else if (filename !== '') files.push({ filename, contentType: contentType ?? 'application/octet-stream', bytes })
  }
  return { form, files }
}

function readVisit(sim: Sim, request: FastifyRequest): Visit {
  return {
    sim,
    person: session.find(sim, request.headers.cookie),
    params: paramsOf(request),
    query: addressOf(request).query,
    ...readForm(request),
    address: request.url,
  }
}

function problemPage(title: string, message: string, status: number): Answer {
  const body = html`<h1>${title}</h1><p class="problem" role="alert">${message}</p><p><a href="/dashboard/overview">Go to the dashboard</a></p>`
  return show({ title, body, status })
}

/** Refusals of the operations become pages; anything else is a defect and goes on to the server. */
function answerError(error: unknown): Answer {
  if (error instanceof OAuthError)
    return problemPage('This authorization request is not valid', `${error.message} (${error.code})`, error.status)
  if (!(error instanceof SimulatorError)) throw error
  if (error.status === 404) return problemPage('Resource not found', explain(error), 404)
  if (error.status === 403) return problemPage('You do not have access', explain(error), 403)
  return problemPage('That did not work', explain(error), error.status)
}

async function decide(route: WebRoute, visit: Visit, cookies: string | undefined): Promise<Answer> {
  const { person } = visit
  if (route.access === 'anyone') return await route.handle(visit, cookies)
  if (person === null) {
    const next = route.method === 'GET' ? visit.address : '/dashboard/overview'
    return redirect(`/account/signin/?next=${encodeURIComponent(next)}`)
  }
  return await route.handle({ ...visit, person })
}

async function send(reply: FastifyReply, visit: Visit, answer: Answer): Promise<void> {
  void reply.headers(securityHeaders)
  if (answer.kind === 'redirect') {
    if (answer.cookie !== undefined) void reply.header('set-cookie', answer.cookie)
    await reply.redirect(answer.to, 303)
    return
  }
  await reply
    .code(answer.page.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(renderPage(visit, answer.page))
}

/** For people who follow an address that leads nowhere. */
export async function sendMissingPage(sim: Sim, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const page = problemPage('Resource not found', 'There is nothing at this address.', 404)
  await send(reply, readVisit(sim, request), page)
}

/** Adds the pages people use in a browser. They live beside the API: their own form parser, cookies and error pages. */
export function registerWebPages(server: FastifyInstance, sim: Sim): void {
  void server.register(async (scope) => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const { path, type, text } of assets) {
      scope.get(path, async (_request, reply) => {
        await reply.type(type).send(text)
      })
    }
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          const visit = readVisit(sim, request)
          const answer = await decide(route, visit, request.headers.cookie).catch(answerError)
          await send(reply, visit, answer)
        },
      })
    }
  })
}
