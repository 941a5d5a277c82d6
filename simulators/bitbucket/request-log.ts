import type { FastifyRequest } from 'fastify'
import type { RequestRecord } from './model.ts'
import type { Sim } from './state.ts'

/** Of more than this many the older half is forgotten. */
const mostRequests = 20_000

type Became = Partial<Pick<RequestRecord, 'credential' | 'username' | 'fault'>> & { status: number }

/** Logs a request, once; what is learnt of it later is added. Status 0: the caller got no answer. */
export function logRequest(sim: Sim, request: FastifyRequest, became: Became): void {
  const known = sim.logged.get(request)
  if (known !== undefined) {
    Object.assign(known, became)
    return
  }
  const record: RequestRecord = {
    method: request.method,
    path: request.url,
    credential: 'anonymous',
    username: null,
    at: new Date(sim.clock()).toISOString(),
    fault: null,
    ...became,
  }
  sim.logged.set(request, record)
  sim.requests.push(record)
  if (sim.requests.length > mostRequests) sim.requests.splice(0, mostRequests / 2)
}
