import type { FeedKind } from './feed-kinds.ts'

/** full: everything there is; increment: down to the watermark; reconcile: the same, proving that nothing was missed. */
export type FeedPass = 'full' | 'increment' | 'reconcile'

const hourMs = 3_600_000
/** A reconciliation is due once a day; a little less, so that it does not wander through the day. */
const reconcileAfterMs = 23 * hourMs

type Standing = { kind: FeedKind; watermark: Date | null; reconciledAt: Date | null; completedAt: Date | null }

/** What the next pass of a feed is. Short lists without an order in time are always read as a whole. */
export function choosePass({ kind, watermark, reconciledAt, completedAt }: Standing, now: Date): FeedPass {
  if (kind === 'environments' || kind === 'members' || watermark === null) return 'full'
  const last = reconciledAt ?? completedAt
  return last === null || now.getTime() - last.getTime() >= reconcileAfterMs ? 'reconcile' : 'increment'
}

type Page = { pass: FeedPass; times: readonly Date[]; watermark: Date | null; missing: number; hasNext: boolean }

/**
 * Whether a pass ends with this page. The watermark ends it only where the page really is in descending order: in any
 * other order what is behind could be new.
 */
export function endsPass({ pass, times, watermark, missing, hasNext }: Page): boolean {
  if (!hasNext) return true
  const oldest = times.at(-1)
  if (pass === 'full' || watermark === null || oldest === undefined) return false
  const isDescending = times.every((time, place) => place === 0 || time <= (times[place - 1] ?? time))
  return isDescending && oldest < watermark && (pass === 'increment' || missing === 0)
}

/**
 * Milliseconds until a feed is looked at again by itself. What a webhook tells is read at once; `isRunning`: a pipeline or
 * deployment had not ended when it was seen.
 */
export function nextLookMs(kind: FeedKind, { isHeard, isRunning }: { isHeard: boolean; isRunning: boolean }): number {
  if (isRunning) return hourMs / 12
  switch (kind) {
    case 'environments':
    case 'members':
      return 24 * hourMs
    case 'pull_requests':
    case 'activity':
      return isHeard ? 24 * hourMs : hourMs / 2
    // Merges are heard; a push to a branch, and what somebody starts by hand, are not.
    case 'pipelines':
    case 'deployments':
      return hourMs / 2
    default:
      return kind satisfies never
  }
}
