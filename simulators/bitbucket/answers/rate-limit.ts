import type { Principal } from '../auth/authenticate.ts'
import type { Endpoint } from '../call.ts'
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

type Budget = 'api' | 'webhooks' | 'raw' | 'git'

interface Bucket {
  budget: Budget
  /** Requests that share the budget; what X-RateLimit-Resource calls it. */
  name: string
}

/**
 * `/2.0/repositories/*` is one group; the other families are said to have budgets like it. Paths that lead nowhere share
 * one too, whatever they are called.
 */
export function bucketOf(sim: Sim, endpoint: Pick<Endpoint, 'path' | 'group'> | undefined): Bucket {
  const { path = '/unknown', group } = endpoint ?? {}
  const budget = group === 'source' ? sim.switches.sourceRateGroup : (group ?? 'api')
  const family = path.split('/')[1] ?? ''
  const isApart = budget === 'api' && family !== 'repositories' && sim.switches.rateLimitFamilies === 'apart'
  return { budget, name: isApart ? family.replace(/s$/, '') : budget }
}

/** Counts a request in its rolling hour. Only anonymous callers and scaled access tokens are told where they stand. */
export function countRequest(sim: Sim, request: { principal: Principal; ip: string; bucket: Bucket }): RateVerdict {
  const { principal, bucket } = request
  const { rateLimits, scaledRateLimit } = sim.switches
  const isAnonymous = principal.kind === 'anonymous'
  const isScaled =
    !isAnonymous && principal.credential.kind === 'access_token' && bucket.name === 'api' && scaledRateLimit !== null
  const limit = isScaled ? scaledRateLimit : isAnonymous ? rateLimits.anonymous : rateLimits[bucket.budget]
  const key = `${keyOf(principal, request.ip)}|${isAnonymous ? 'all' : bucket.name}`
  const now = sim.clock()
  const times = sim.usage.get(key) ?? []
  // Counted before the clock was set back: of another time.
  while ((times.at(-1) ?? now) > now) times.pop()
  // Oldest first: as a rule there is nothing to forget, and nothing is looked through.
  const kept = times.findIndex((time) => time > now - hourMs)
  if (kept !== 0) times.splice(0, kept === -1 ? times.length : kept)
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
      'x-ratelimit-resource': bucket.name,
      'x-ratelimit-nearlimit': String(remaining < limit / 5),
    },
  }
}
