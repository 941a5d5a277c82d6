import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '../../shared/json.ts'
import { addressOf, paramsOf } from '../../shared/read-request.ts'
import { numberedPage } from '../answers/paging.ts'
import { assertScopes, authenticate, NoScopesError, type Principal } from '../auth/authenticate.ts'
import { assertOwner, reachRepository, reachWorkspace } from '../auth/permission.ts'
import { type Need, needs } from '../auth/scopes.ts'
import type { Delivery, Hook } from '../model.ts'
import { getHistoryEntry, historyOf, resendEntry } from '../operations/hook-history.ts'
import { getHook } from '../operations/hooks.ts'
import { notFound, SimulatorError, toEnvelope } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { session } from '../web/session.ts'
import { principalOf } from '../web/visit.ts'

/** Where the site's own pages would ask: not part of the public API, which has no request history. */
const base = '/!api/internal'

/** A session of the pages, or the credentials of the API with the scopes for webhooks. */
function callerOf(sim: Sim, request: FastifyRequest, need: Need): Principal {
  const person = session.find(sim, request.headers.cookie)
  if (person !== null) return principalOf(person)
  const principal = authenticate(sim, request.headers.authorization)
  if (principal.kind === 'known') assertScopes(principal.credential, need)
  return principal
}

function hookOf(sim: Sim, request: FastifyRequest, need: Need): Hook {
  const { workspace: name = '', slug, uid = '' } = paramsOf(request)
  const principal = callerOf(sim, request, need)
  if (slug !== undefined) {
    const repository = reachRepository(sim, principal, { workspace: name, slug, wanted: 'admin' })
    return getHook(sim, { kind: 'repository', repository }, uid)
  }
  const { workspace, role } = reachWorkspace(sim, principal, name)
  assertOwner(role)
  return getHook(sim, { kind: 'workspace', workspace }, uid)
}

function render(delivery: Delivery): JsonObject {
  return {
    type: 'webhook_request',
    uuid: delivery.uuid,
    event: delivery.event,
    url: delivery.url,
    created_on: delivery.createdOn,
    state: delivery.state,
    attempts: delivery.attempts.map(({ number, status, error, durationMs }) => ({
      number,
      status,
      error,
      duration_ms: durationMs,
    })),
    request: { headers: delivery.headers, body: delivery.body },
  }
}

async function answer(reply: FastifyReply, work: () => { status: number; body: JsonObject }): Promise<void> {
  try {
    const { status, body } = work()
    await reply.code(status).send(body)
  } catch (error) {
    const refused = error instanceof NoScopesError ? new SimulatorError(401, 'No Bitbucket scopes.') : error
    if (!(refused instanceof SimulatorError)) throw error
    await reply
      .code(refused.status)
      .headers(refused.parts.headers ?? {})
      .send(toEnvelope(refused))
  }
}

/** The history of a hook's requests for programs: list, one, send again. */
export function registerHookRequests(app: FastifyInstance, sim: Sim): void {
  for (const subject of ['/repositories/:workspace/:slug', '/workspaces/:workspace']) {
    const path = `${base}${subject}/hooks/:uid/requests`
    app.get(path, async (request, reply) => {
      await answer(reply, () => {
        const history = historyOf(sim, hookOf(sim, request, needs.readWebhook))
        const page = { sim, ...addressOf(request), origin: sim.urls.web }
        return { status: 200, body: numberedPage(page, history, { render }) }
      })
    })
    app.get(`${path}/:request`, async (request, reply) => {
      await answer(reply, () => {
        const hook = hookOf(sim, request, needs.readWebhook)
        return { status: 200, body: render(getHistoryEntry(sim, hook, paramsOf(request)['request'] ?? '')) }
      })
    })
    app.post(`${path}/:request/resend`, async (request, reply) => {
      await answer(reply, () => {
        const hook = hookOf(sim, request, needs.writeWebhook)
        resendEntry(sim, hook, paramsOf(request)['request'] ?? '')
        const [newest] = historyOf(sim, hook)
        if (newest === undefined) throw notFound('This request is not in the history.')
        return { status: 202, body: render(newest) }
      })
    })
  }
}
