import { setTimeout as sleep } from 'node:timers/promises'
import { rateLimited } from './answers/rate-limit.ts'
import type { RequestAction } from './fault-plan.ts'
import type { Credential } from './model.ts'
import type { Sim } from './state.ts'
import type { Outcome, Wire } from './wire.ts'

/** What a fault makes of a request that is not carried out; undefined: carry it out. */
export async function faultBefore(
  sim: Sim,
  action: RequestAction | undefined,
  credential: Credential | undefined,
): Promise<Outcome | undefined> {
  if (action === undefined) return undefined
  switch (action.kind) {
    case 'delay':
      await sleep(action.ms, undefined, { signal: sim.stopping.signal }).catch(() => undefined)
      return undefined
    case 'rate_limit':
      return rateLimited(sim, action.reason ?? 'jira-burst-based', action.retryAfterSeconds)
    case 'answer':
      if (action.when === 'after') return undefined
      return { status: action.status, headers: action.headers ?? {}, body: action.body ?? '' }
    case 'cut':
      return action.when === 'before' ? { cut: 'whole' } : undefined
    case 'credential':
      if (credential !== undefined) {
        if (action.becomes === 'revoked') credential.isRevoked = true
        else credential.expiresAt = sim.clock() - 1
      }
      return undefined
    default:
      return action satisfies never
  }
}

/** What a fault makes of the answer to a request that was carried out. */
export function faultAfter(action: RequestAction | undefined, wire: Wire): Outcome {
  if (action === undefined) return wire
  if (action.kind === 'answer' && action.when === 'after') {
    return { status: action.status, headers: action.headers ?? {}, body: action.body ?? '' }
  }
  if (action.kind !== 'cut' || action.when === 'before') return wire
  return action.when === 'after' ? { cut: 'whole' } : { cut: 'in_body', wire }
}
