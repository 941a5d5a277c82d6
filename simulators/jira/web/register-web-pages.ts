import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../../shared/html.ts'
import { addressOf, paramsOf } from '../../shared/read-request.ts'
import { readStyle } from '../../shared/read-style.ts'
import { JiraError } from '../jira-error.ts'
import { OAuthError } from '../operations/oauth.ts'
import type { Sim } from '../state.ts'
import { renderPage } from './layout.ts'
import { session } from './session.ts'
import { type Answer, redirect, show, type Visit } from './visit.ts'
import { routes, type WebRoute } from './web-routes.ts'

const square =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1868db"/></svg>'
const assets = [
  {
    path: '/_web/pages.css',
    type: 'text/css; charset=utf-8',
    text: readStyle(new URL('pages.css', import.meta.url)),
  },
  { path: '/_web/icon.svg', type: 'image/svg+xml', text: square },
  { path: '/_web/avatar.svg', type: 'image/svg+xml', text: square },
]

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

function readVisit(sim: Sim, request: FastifyRequest): Visit {
  return {
    sim,
    person: session.find(sim, request.headers.cookie),
    params: paramsOf(request),
    query: addressOf(request).query,
    form: request.body instanceof URLSearchParams ? request.body : new URLSearchParams(),
    address: request.url,
  }
}

function problemPage(title: string, message: string, status: number): Answer {
  const body = html`<h1>${title}</h1><p class="problem" role="alert">${message}</p><p><a href="/jira/projects">Go to the projects</a></p>`
  return show({ title, body, status })
}

/** Refusals of the operations become pages; anything else is a defect and goes on to the server. */
function answerError(error: unknown): Answer {
  if (error instanceof OAuthError)
    return problemPage('This authorization request is not valid', `${error.message} (${error.code})`, error.status)
  if (!(error instanceof JiraError)) throw error
  const fields = Object.entries(error.fields).map(([name, problem]) => `${name}: ${problem}`)
  return problemPage('That did not work', [error.message, ...fields].join(' · '), error.status)
}

function decide(route: WebRoute, visit: Visit, cookies: string | undefined): Answer {
  const { person } = visit
  try {
    if (route.access === 'anyone') return route.handle(visit, cookies)
    if (person !== null) return route.handle({ ...visit, person })
  } catch (error) {
    return answerError(error)
  }
  const next = route.method === 'GET' ? visit.address : '/jira/projects'
  return redirect(`/login?next=${encodeURIComponent(next)}`)
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

/** Adds the pages people use in a browser. They live beside the API: their own form parser, cookies and error pages. */
export function registerWebPages(server: FastifyInstance, sim: Sim): void {
  void server.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
      done(null, new URLSearchParams(String(body)))
    })
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
          await send(reply, visit, decide(route, visit, request.headers.cookie))
        },
      })
    }
  })
}
