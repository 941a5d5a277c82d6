import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type BasicPage, type PageAnswer, type PageVisit, redirect } from './page-visit.ts'

interface Address {
  method: 'GET' | 'POST'
  path: string
}

type Answers<Page extends BasicPage> = PageAnswer<Page> | Promise<PageAnswer<Page>>

/** A page open to anyone (who also gets the cookies sent), or one for people who are logged in. */
export type PageRoute<Visit, PersonVisit, Page extends BasicPage> =
  | (Address & { access: 'anyone'; handle: (visit: Visit, cookies: string | undefined) => Answers<Page> })
  | (Address & { access: 'person'; handle: (visit: PersonVisit) => Answers<Page> })

interface Pages<Person, Visit extends PageVisit<unknown, Person>, Page extends BasicPage> {
  /** Styles, scripts and pictures. */
  assets: readonly { path: string; type: string; text: string }[]
  routes: readonly PageRoute<Visit, Visit & { person: Person }, Page>[]
  /** Where people log in, and where they land who had sent a form. */
  login: string
  home: string
  readVisit: (request: FastifyRequest) => Visit
  /** Refusals of the operations become pages; anything else is thrown on to the server. */
  answerError: (error: unknown) => PageAnswer<Page>
  render: (visit: Visit, page: Page) => string
}

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

export async function sendAnswer<Page extends BasicPage>(
  reply: FastifyReply,
  answer: PageAnswer<Page>,
  render: (page: Page) => string,
): Promise<void> {
  void reply.headers(securityHeaders)
  if (answer.kind === 'redirect') {
    if (answer.cookie !== undefined) void reply.header('set-cookie', answer.cookie)
    await reply.redirect(answer.to, 303)
    return
  }
  await reply
    .code(answer.page.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(render(answer.page))
}

/** Adds the pages people use in a browser. They live beside the API: their own form parser, cookies and error pages. */
export function servePages<Person, Visit extends PageVisit<unknown, Person>, Page extends BasicPage>(
  server: FastifyInstance,
  pages: Pages<Person, Visit, Page>,
): void {
  const decide = async (route: (typeof pages.routes)[number], visit: Visit, cookies: string | undefined) => {
    const { person } = visit
    if (route.access === 'anyone') return await route.handle(visit, cookies)
    if (person !== null) return await route.handle({ ...visit, person })
    const next = route.method === 'GET' ? visit.address : pages.home
    return redirect(`${pages.login}?next=${encodeURIComponent(next)}`)
  }
  void server.register(async (scope) => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const { path, type, text } of pages.assets) {
      scope.get(path, async (_request, reply) => {
        await reply.type(type).send(text)
      })
    }
    for (const route of pages.routes) {
      scope.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          const visit = pages.readVisit(request)
          const answer = await decide(route, visit, request.headers.cookie).catch(pages.answerError)
          await sendAnswer(reply, answer, (page) => pages.render(visit, page))
        },
      })
    }
  })
}
