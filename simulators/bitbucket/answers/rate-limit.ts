import type { Principal } from '../auth/authenticate.ts'
import type { RateGroup } from '../call.ts'
import type { Sim } from '../state.ts'

const hourMs = 3_600_000

interface RateVerdict {
  allowed: boolean
  headers: Record<string, string>
}

function keyOf(principal: Principal, ip: string): string {
  if (principal.kind === 'anonymous') return `ip:${ip}`
  const { credential, person } = principal
  switch (credential.kind) {
    case 'access_token':
      return `token:${credential.token}`
    case 'oauth':
      return `consumer:${credential.consumerKey ?? ''}`
    case 'api_token':
    case 'app_password':
      return `user:${person.uuid}`
    default:
      return credential.kind satisfies never
  }
}

/** Counts a request in its rolling hour. Only anonymous callers and scaled access tokens are told where they stand. */
export function countRequest(
  sim: Sim,
  request: { principal: Principal; ip: string; group: RateGroup | 'git' },
): RateVerdict {
  const { principal, group } = request
  const { rateLimits, scaledRateLimit } = sim.switches
  const isAnonymous = principal.kind === 'anonymous'
  const isScaled =
    !isAnonymous && principal.credential.kind === 'access_token' && group === 'api' && scaledRateLimit !== null
  const limit = isScaled ? scaledRateLimit : isAnonymous ? rateLimits.anonymous : rateLimits[group]
  const key = `${keyOf(principal, request.ip)}|${isAnonymous ? 'all' : group}`
  const now = sim.clock()
  const times = (sim.usage.get(key) ?? []).filter((time) => time > now - hourMs)
  const allowed = times.length < limit
  if (allowed) times.push(now)
  sim.usage.set(key, times)
  const remaining = Math.max(0, limit - times.length)
  if (isAnonymous) {
    const reset = Math.ceil(((times[0] ?? now) + hourMs - now) / 1000)
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': `${limit}, ${limit};w=3600`,
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String(reset),
      },
    }
  }
  if (!isScaled) return { allowed, headers: {} }
  return {
    allowed,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-resource': group,
      'x-ratelimit-nearlimit': String(remaining < limit / 5),
    },
  }
}
