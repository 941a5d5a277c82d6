/** Whose request it is: people and webhooks first, then status, then bulk reading. */
export type RequestLane = 'person' | 'webhook' | 'status' | 'bulk'

/** The requests one connection may still make. */
export type RequestBudget = {
  /** Counts one request. Throws `remote_rate_limited` (with `retry_after_s`) when the lane has none left or the remote asked for a pause. */
  take: (lane: RequestLane) => Promise<void>
}

/** Requests an hour of `/2.0/repositories/*` for a credential without scaled limits (rolling). */
export const requestsPerHour = 1000

/**
 * How much of the rolling hour a lane may see spent before it has to wait. What is above stays free for the lanes
 * before it: a person's comment goes out while bulk reading has used up its share.
 */
const lanesUpTo: Record<RequestLane, number> = { person: 1, webhook: 1, status: 0.9, bulk: 0.7 }

/** Requests a lane may still make in the rolling hour, given what all lanes together have spent. */
export function requestsLeft(lane: RequestLane, spent: number, perHour: number = requestsPerHour): number {
  return Math.max(0, Math.floor(perHour * lanesUpTo[lane]) - spent)
}

/** Seconds of the pause after a 429: what the remote said, else 60 doubling up to an hour. */
export function pauseSeconds(previousS: number, retryAfterS: number | undefined): number {
  if (retryAfterS !== undefined) return Math.min(Math.max(retryAfterS, 1), 24 * 3600)
  return previousS === 0 ? 60 : Math.min(previousS * 2, 3600)
}

/** A budget without a limit, for a credential that is only being checked and has no connection yet. */
export const uncountedBudget: RequestBudget = { take: async () => undefined }
