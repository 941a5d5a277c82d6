import type { RemoteKind } from './remote-kind.ts'

/** Whose request it is: people and webhooks first, then status, then bulk sends, then reading for the figures. */
export type RequestLane = 'person' | 'webhook' | 'status' | 'bulk' | 'collect'

/** What a piece of work takes, and on whose behalf. */
export type RequestNeed = { lane: RequestLane; requests: number }

/** The requests one connection may still make. */
export type RequestBudget = {
  /** Counts one request. Throws `remote_rate_limited` (with `retry_after_s`) when the lane has none left or the remote asked for a pause. */
  take: (lane: RequestLane) => Promise<void>
  /** Throws as `take` does (with `untried`) unless the lane has so many left, before anything of a piece of work is begun. */
  require: (lane: RequestLane, count: number) => Promise<void>
}

/** Requests an hour of `/2.0/repositories/*` in Bitbucket for a credential without scaled limits (rolling). */
export const requestsPerHour = 1000

/**
 * Requests an hour by kind of remote. Jira counts none of API tokens, which know bursts alone, and of logins points: 65,000 an
 * hour, of which a request of ours takes up to three. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export const requestsPerHourOf: Readonly<Record<RemoteKind, number>> = { bitbucket: requestsPerHour, jira: 20_000 }

/**
 * How much of the rolling hour a lane may see spent before it has to wait. What is above stays free for the lanes
 * before it: a person's comment goes out, and what a policy sends too, while reading has used up its share.
 */
const lanesUpTo: Record<RequestLane, number> = { person: 1, webhook: 1, status: 0.9, bulk: 0.7, collect: 0.6 }

/** Requests a lane may still make in the rolling hour, given what all lanes together have spent. */
export function requestsLeft(lane: RequestLane, spent: number, perHour: number = requestsPerHour): number {
  return Math.max(0, Math.floor(perHour * lanesUpTo[lane]) - spent)
}

/** Length of a counting window. The rolling hour is taken as the present window and the twelve before it: never too little. */
export const windowMs = 5 * 60_000

/** Requests that were counted in one window, all lanes together. */
export type SpentWindow = { start: Date; spent: number }

/** The windows the rolling hour of `now` reaches, newest last: from `since` to `until`, both included. */
export function rollingHour(now: Date): { present: Date; since: Date; until: Date } {
  const present = Math.floor(now.getTime() / windowMs) * windowMs
  // The next window counts too, for processes whose clocks differ a little.
  return { present: new Date(present), since: new Date(present - 3_600_000), until: new Date(present + windowMs) }
}

/** When the lane can make so many requests if nobody else makes any: now, or when enough windows have gone by. */
export function whenFree(
  windows: readonly SpentWindow[],
  { lane, count, now, perHour = requestsPerHour }: { lane: RequestLane; count: number; now: Date; perHour?: number },
): Date {
  const limit = requestsLeft(lane, 0, perHour)
  const wanted = Math.min(count, limit)
  let spent = windows.reduce((sum, window) => sum + window.spent, 0)
  let free = now
  for (const window of windows.toSorted((one, other) => one.start.getTime() - other.start.getTime())) {
    if (limit - spent >= wanted) return free
    spent -= window.spent
    free = new Date(window.start.getTime() + 3_600_000 + windowMs)
  }
  return free
}

/** Seconds of the pause after a 429: what the remote said, else 60 doubling up to an hour. */
export function pauseSeconds(previousS: number, retryAfterS: number | undefined): number {
  if (retryAfterS !== undefined) return Math.min(Math.max(retryAfterS, 1), 24 * 3600)
  return previousS === 0 ? 60 : Math.min(previousS * 2, 3600)
}

/** A budget without a limit, for a credential that is only being checked and has no connection yet. */
export const uncountedBudget: RequestBudget = { take: async () => undefined, require: async () => undefined }
