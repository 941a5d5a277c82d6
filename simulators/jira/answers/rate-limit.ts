import type { Wire } from '../../shared/wire.ts'
import type { RateLimitReason } from '../faults.ts'
import type { Credential } from '../model.ts'
import { type Sim, toTimestamp } from '../state.ts'

const hourMs = 3_600_000

/** The limit a planned 429 names; of the two for writes to one issue the shorter. */
function limitOf(sim: Sim, reason: RateLimitReason): number {
  const { burst, issueWrites2s, points } = sim.switches.rateLimits
  switch (reason) {
    case 'jira-burst-based':
      return burst
    case 'jira-per-issue-on-write':
      return issueWrites2s
    case 'jira-quota-tenant-based':
    case 'jira-quota-global-based':
      return points
    default:
      return reason satisfies never
  }
}

/** The answer 429. `retryAfterSeconds` null leaves the header out, as some of the real ones do. */
export function rateLimited(
  sim: Sim,
  reason: RateLimitReason,
  retryAfterSeconds: number | null,
  limit: number = limitOf(sim, reason),
): Wire {
  const wait = retryAfterSeconds ?? 0
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'ratelimit-reason': reason,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': toTimestamp(sim.clock() + wait * 1000).replace(/:\d\d\.\d+\+0000$/, 'Z'),
    'x-ratelimit-nearlimit': 'true',
  }
  if (retryAfterSeconds !== null) headers['retry-after'] = String(retryAfterSeconds)
  return {
    status: 429,
    headers,
    body: JSON.stringify({ errorMessages: ['Rate limit exceeded.'], errors: {} }),
  }
}

interface Window {
  key: string
  limit: number
  ms: number
  points: number
  reason: RateLimitReason
}

export interface RateQuestion {
  credential: Credential | undefined
  /** Method and pattern of the path. */
  endpoint: string
  /** Writes: the issue written to, when the path names one. */
  writesTo: string | undefined
}

function used(sim: Sim, window: Window): { at: number; points: number }[] {
  const now = sim.clock()
  const kept = (sim.usage.get(window.key) ?? []).filter((one) => one.at > now - window.ms)
  sim.usage.set(window.key, kept)
  return kept
}

function windowsOf(sim: Sim, question: RateQuestion): Window[] {
  const { burst, issueWrites2s, issueWrites30s, points } = sim.switches.rateLimits
  const { credential, endpoint, writesTo } = question
  const windows: Window[] = [
    { key: `burst|${endpoint}`, limit: burst, ms: 1000, points: 1, reason: 'jira-burst-based' },
  ]
  if (writesTo !== undefined) {
    const reason = 'jira-per-issue-on-write'
    windows.push({ key: `2s|${writesTo}`, limit: issueWrites2s, ms: 2000, points: 1, reason })
    windows.push({ key: `30s|${writesTo}`, limit: issueWrites30s, ms: 30_000, points: 1, reason })
  }
  if (credential?.kind === 'oauth') {
    const key = `points|${credential.clientId}`
    windows.push({ key, limit: points, ms: hourMs, points: 1, reason: 'jira-quota-global-based' })
  }
  return windows
}

function spent(entries: { points: number }[]): number {
  return entries.reduce((sum, one) => sum + one.points, 0)
}

/** Counts a request in every window it falls into; answers the 429 of the first that is full. */
export function countRequest(sim: Sim, question: RateQuestion): Wire | undefined {
  const windows = windowsOf(sim, question)
  for (const window of windows) {
    const entries = used(sim, window)
    if (spent(entries) < window.limit) continue
    const oldest = entries[0]?.at ?? sim.clock()
    const wait = Math.max(1, Math.ceil((oldest + window.ms - sim.clock()) / 1000))
    return rateLimited(sim, window.reason, wait, window.limit)
  }
  const at = sim.clock()
  for (const window of windows) used(sim, window).push({ at, points: window.points })
  return undefined
}

/** Charges an OAuth app for the objects an answer carried, and says where it stands. */
export function chargeObjects(sim: Sim, credential: Credential | undefined, objects: number): Record<string, string> {
  if (credential?.kind !== 'oauth') return {}
  const limit = sim.switches.rateLimits.points
  const key = `points|${credential.clientId}`
  const entries = sim.usage.get(key) ?? []
  if (objects > 0) entries.push({ at: sim.clock(), points: objects })
  sim.usage.set(key, entries)
  const remaining = Math.max(0, limit - spent(entries))
  const reset = (entries[0]?.at ?? sim.clock()) + hourMs
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': toTimestamp(reset).replace(/:\d\d\.\d+\+0000$/, 'Z'),
    'x-ratelimit-nearlimit': String(remaining < limit * 0.2),
  }
}
