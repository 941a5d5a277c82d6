import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormBody } from '../../shared/form-body.ts'
import { html } from '../../shared/html.ts'
import { addressOf, bodyOf, paramsOf } from '../../shared/read-request.ts'
import { readStyle } from '../../shared/read-style.ts'
import { sendAnswer, servePages } from '../../shared/serve-pages.ts'
import { OAuthError } from '../operations/oauth.ts'
import { explain, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { renderPage } from './layout.ts'
import { session } from './session.ts'
import { type Answer, show, type Visit } from './visit.ts'
import { routes } from './web-routes.ts'

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

/** Browsers send a file field without a choice as a file without a name. */
function readForm(request: FastifyRequest): Pick<Visit, 'form' | 'files'> {
  const parts = readFormBody(request.headers['content-type'] ?? '', bodyOf(request)) ?? []
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

/** For people who follow an address that leads nowhere. */
export async function sendMissingPage(sim: Sim, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const answer = problemPage('Resource not found', 'There is nothing at this address.', 404)
  const visit = readVisit(sim, request)
  await sendAnswer(reply, answer, (page) => renderPage(visit, page))
}

/** Adds the pages people use in a browser. */
export function registerWebPages(server: FastifyInstance, sim: Sim): void {
  servePages(server, {
    assets,
    routes,
    login: '/account/signin/',
    home: '/dashboard/overview',
    readVisit: (request) => readVisit(sim, request),
    answerError,
    render: renderPage,
  })
}
