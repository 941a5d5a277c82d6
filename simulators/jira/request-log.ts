import type { FastifyRequest } from 'fastify'
import { keepRequest } from '../shared/request-log.ts'
import { findCredential } from './auth/authenticate.ts'
import type { RequestRecord } from './model.ts'
import type { Sim } from './state.ts'

/** Logs a request as soon as it is known, and what became of it later. A credential that is none of ours is `invalid`. */
export function logRequest(sim: Sim, request: FastifyRequest, became: { status: number; fault?: string }): void {
  const first = (): RequestRecord => {
    const { authorization } = request.headers
    const credential = findCredential(sim, authorization)
    return {
      method: request.method,
      path: request.url,
      credential: authorization === undefined ? 'anonymous' : (credential?.kind ?? 'invalid'),
      accountId: credential?.person.accountId ?? null,
      at: new Date(sim.clock()).toISOString(),
      fault: null,
      status: 0,
    }
  }
  keepRequest(sim, request, { became, first })
}
