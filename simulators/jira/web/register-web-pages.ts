import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readFormBody } from '../../shared/form-body.ts'
import { html } from '../../shared/html.ts'
import { addressOf, bodyOf, paramsOf } from '../../shared/read-request.ts'
import { readStyle } from '../../shared/read-style.ts'
import { servePages } from '../../shared/serve-pages.ts'
import { JiraError } from '../jira-error.ts'
import type { UploadedFile } from '../operations/attachments.ts'
import { OAuthError } from '../operations/oauth.ts'
import type { Sim } from '../state.ts'
import { renderPage } from './layout.ts'
import { session } from './session.ts'
import { type Answer, show, type Visit } from './visit.ts'
import { routes } from './web-routes.ts'

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

function readVisit(sim: Sim, request: FastifyRequest): Visit {
  return {
    sim,
    person: session.find(sim, request.headers.cookie),
    params: paramsOf(request),
    query: addressOf(request).query,
    form: new URLSearchParams(isMultipart(request) ? '' : bodyOf(request).toString('utf8')),
    files: isMultipart(request) ? readFiles(request) : [],
    address: request.url,
  }
}

function isMultipart(request: FastifyRequest): boolean {
  return /^multipart\//i.test(request.headers['content-type'] ?? '')
}

function readFiles(request: FastifyRequest): UploadedFile[] {
  const parts = readFormBody(request.headers['content-type'] ?? '', bodyOf(request)) ?? []
  return parts.flatMap(({ filename, contentType, bytes }) =>
    filename === null || filename === ''
      ? []
      : [{ filename, mimeType: contentType ?? 'application/octet-stream', bytes }],
  )
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

/** Adds the pages people use in a browser. */
export function registerWebPages(server: FastifyInstance, sim: Sim): void {
  servePages(server, {
    assets,
    routes,
    login: '/login',
    home: '/jira/projects',
    readVisit: (request) => readVisit(sim, request),
    answerError,
    render: renderPage,
  })
}
