import type { FastifyInstance } from 'fastify'
import type { CommonAction, RequestFault as Fault } from '../shared/fault-plan.ts'
import { registerRequestFaults } from '../shared/request-faults.ts'
import type { Wire } from '../shared/wire.ts'
import { rateLimited } from './answers/rate-limit.ts'
import { findCredential } from './auth/authenticate.ts'
import type { Credential } from './model.ts'
import { type Change, type CredentialChange, changeCredential, tryChange } from './operations/change.ts'
import { logRequest } from './request-log.ts'
import type { Sim } from './state.ts'

/** Which limit a 429 names in RateLimit-Reason. */
export type RateLimitReason =
  | 'jira-burst-based'
  | 'jira-per-issue-on-write'
  | 'jira-quota-tenant-based'
  | 'jira-quota-global-based'

type OwnAction =
  | { kind: 'rate_limit'; retryAfterSeconds: number | null; reason?: RateLimitReason }
  /** From this request on, the credential it carries is no longer good, or good for less. */
  | ({ kind: 'credential' } & CredentialChange)
  /** Something happens to a person, a project, an issue, a hook or a credential just before this request. */
  | { kind: 'change'; change: Change }

export type RequestAction = CommonAction | OwnAction
export type RequestFault = Fault<RequestAction>

/** What could be known was refused when it was planned; things may have gone since. */
async function change(sim: Sim, planned: Change): Promise<Wire | undefined> {
  const problem = await tryChange(sim, planned)
  if (problem === undefined) return undefined
  const body = JSON.stringify({ errorMessages: [`The planned change could not be made: ${problem}`], errors: {} })
  return { status: 400, headers: { 'content-type': 'application/json;charset=UTF-8' }, body }
}

async function strike(sim: Sim, action: OwnAction, credential: Credential | undefined): Promise<Wire | undefined> {
  switch (action.kind) {
    case 'rate_limit':
      return rateLimited(sim, action.reason ?? 'jira-burst-based', action.retryAfterSeconds)
    case 'credential':
      if (credential !== undefined) changeCredential(sim, credential, action)
      return undefined
    case 'change':
      return await change(sim, action.change)
    default:
      return action satisfies never
  }
}

/** Lets the faults of the switches strike: the site, the gateway, the login and the pages. */
export function registerFaults(app: FastifyInstance, sim: Sim): void {
  registerRequestFaults<OwnAction>(app, {
    faults: () => sim.switches.requestFaults,
    outbox: sim.outbox,
    strike: async (action, request) => await strike(sim, action, findCredential(sim, request.headers.authorization)),
    log: (request, struck) => logRequest(sim, request, struck),
  })
}
