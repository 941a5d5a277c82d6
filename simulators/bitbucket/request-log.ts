import type { FastifyRequest } from 'fastify'
import { keepRequest } from '../shared/request-log.ts'
import type { RequestRecord } from './model.ts'
import type { Sim } from './state.ts'

type Became = Partial<Pick<RequestRecord, 'credential' | 'username' | 'fault'>> & { status: number }

/** Logs a request, once; what is learnt of it later is added. Status 0: the caller got no answer. */
export function logRequest(sim: Sim, request: FastifyRequest, became: Became): void {
  const first = (): RequestRecord => ({
    method: request.method,
    path: request.url,
    credential: 'anonymous',
    username: null,
    at: new Date(sim.clock()).toISOString(),
    fault: null,
    status: 0,
  })
  keepRequest(sim, request, { became, first })
}
