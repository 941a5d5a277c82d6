import type { Wire } from '../../shared/wire.ts'
import type { Sim } from '../state.ts'

/** The answer 429: plain text, and usually no word about when to come back. */
export function tooManyRequests(
  sim: Sim,
  retryAfterSeconds: number | null,
  retryAfterAs: 'seconds' | 'date' = 'seconds',
): Wire {
  const headers: Record<string, string> = { 'content-type': 'text/plain' }
  if (retryAfterSeconds !== null)
    headers['retry-after'] =
      retryAfterAs === 'seconds'
        ? String(retryAfterSeconds)
        : new Date(sim.clock() + retryAfterSeconds * 1000).toUTCString()
  return { status: 429, headers, body: 'Rate limit for this resource has been exceeded' }
}
