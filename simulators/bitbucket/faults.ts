import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type CommonAction,
  type RequestFault as Fault,
  isOver,
  type NextRequestFault as Next,
} from '../shared/fault-plan.ts'
import { registerRequestFaults } from '../shared/request-faults.ts'
import type { Wire } from '../shared/wire.ts'
import { tooManyRequests } from './answers/too-many-requests.ts'
import { findCredential } from './auth/authenticate.ts'
import type { Credential } from './model.ts'
import { type Change, tryChange } from './operations/change.ts'
import { logRequest } from './request-log.ts'
import { keepPast, lookBack, type Past } from './stale-reads.ts'
import type { Sim } from './state.ts'

type OwnAction =
  /** 429; null: without Retry-After, as the real one usually sends it. */
  | { kind: 'rate_limit'; retryAfterSeconds: number | null; retryAfterAs?: 'seconds' | 'date' }
  /** What the real one answers with such a status: HTML for 502 and 503. `after`: the request was carried out. */
  | { kind: 'failure'; status: 500 | 502 | 503 | 555; when?: 'before' | 'after' }
  /** From this request on, the credential it carries is no longer good, or good for less. */
  | { kind: 'credential'; becomes: 'expired' | 'revoked' | 'reduced'; scopes?: string[] }
  /** A GET below a repository is answered as the repository was then. */
  | ({ kind: 'stale' } & Past)
  /** Something happens to a person, a repository or a hook just before this request. */
  | { kind: 'change'; change: Change }

export type RequestAction = CommonAction | OwnAction
export type RequestFault = Fault<RequestAction>
export type NextRequestFault = Next<RequestAction>

function page(status: number, title: string): Wire {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  }
}

function envelope(status: number, message: string): Wire {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ type: 'error', error: { message } }),
  }
}

/** How the real one, or what stands in front of it, says that it failed. */
function failure(status: 500 | 502 | 503 | 555): Wire {
  switch (status) {
    case 500:
      return envelope(500, 'Something went wrong')
    case 502:
      return page(502, 'Bad Gateway')
    case 503:
      return page(503, 'Service Temporarily Unavailable')
    case 555:
      return envelope(555, 'This request took too long to process.')
    default:
      return status satisfies never
  }
}

function changeCredential(
  sim: Sim,
  credential: Credential | undefined,
  action: Extract<OwnAction, { kind: 'credential' }>,
) {
  if (credential === undefined) return
  if (action.becomes === 'revoked') credential.revoked = true
  else if (action.becomes === 'expired') credential.expiresAt = sim.clock() - 1
  else credential.scopes = action.scopes ?? []
}

/** What could be known was refused when it was planned; things may have gone since. */
async function change(sim: Sim, planned: Change): Promise<Wire | undefined> {
  const problem = await tryChange(sim, planned)
  return problem === undefined ? undefined : envelope(400, `The planned change could not be made: ${problem}`)
}

async function strike(sim: Sim, action: OwnAction, request: FastifyRequest): Promise<Wire | undefined> {
  switch (action.kind) {
    case 'rate_limit':
      return tooManyRequests(sim, action.retryAfterSeconds, action.retryAfterAs)
    case 'failure':
      return action.when === 'after' ? undefined : failure(action.status)
    case 'credential':
      changeCredential(sim, findCredential(sim, request.headers.authorization), action)
      return undefined
    case 'stale':
      lookBack(sim, request, action)
      return undefined
    case 'change':
      return await change(sim, action.change)
    default:
      return action satisfies never
  }
}

function actionsOf({ plan }: RequestFault): (RequestAction | null)[] {
  switch (plan.kind) {
    case 'script':
      return plan.steps
    case 'repeat':
      return [plan.action]
    case 'chance':
      return plan.actions
    default:
      return plan satisfies never
  }
}

function isLookingBack(sim: Sim): boolean {
  return sim.switches.requestFaults.some(
    (fault) => !isOver(fault) && actionsOf(fault).some((action) => action?.kind === 'stale'),
  )
}

/** Lets the faults of the switches strike: API, token endpoint, git and pages. */
export function registerFaults(app: FastifyInstance, sim: Sim): void {
  app.addHook('preHandler', async (request) => {
    // Only as long as somebody may want to look back: it costs a copy of the repository for each write.
    if (request.method !== 'GET' && isLookingBack(sim)) keepPast(sim, request)
  })
  registerRequestFaults<OwnAction>(app, {
    faults: () => sim.switches.requestFaults,
    outbox: sim.outbox,
    strike: async (action, request) => await strike(sim, action, request),
    strikeAfter: (action) =>
      action.kind === 'failure' && action.when === 'after' ? failure(action.status) : undefined,
    log: (request, struck) => logRequest(sim, request, struck),
  })
}
