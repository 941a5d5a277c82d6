import type { FastifyInstance } from 'fastify'
import type { CommonAction, RequestFault as Fault } from '../shared/fault-plan.ts'
import { registerRequestFaults } from '../shared/request-faults.ts'
import type { Wire } from '../shared/wire.ts'
import { rateLimited } from './answers/rate-limit.ts'
import { findCredential } from './auth/authenticate.ts'
import type { Credential } from './model.ts'
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
  /** From this request on, the credential it carries is no longer good. */
  | { kind: 'credential'; becomes: 'expired' | 'revoked' }

export type RequestAction = CommonAction | OwnAction
export type RequestFault = Fault<RequestAction>

function strike(sim: Sim, action: OwnAction, credential: Credential | undefined): Wire | undefined {
  switch (action.kind) {
    case 'rate_limit':
      return rateLimited(sim, action.reason ?? 'jira-burst-based', action.retryAfterSeconds)
    case 'credential':
      if (credential === undefined) return undefined
      if (action.becomes === 'revoked') credential.isRevoked = true
      else credential.expiresAt = sim.clock() - 1
      return undefined
    default:
      return action satisfies never
  }
}

/** Lets the faults of the switches strike: the site, the gateway, the login and the pages. */
export function registerFaults(app: FastifyInstance, sim: Sim): void {
  registerRequestFaults<OwnAction>(app, {
    faults: () => sim.switches.requestFaults,
    wait: async (ms) => await sim.time.wait(ms, sim.stopping.signal).catch(() => undefined),
    strike: async (action, request) => strike(sim, action, findCredential(sim, request.headers.authorization)),
    log: (request, struck) => logRequest(sim, request, struck),
  })
}
