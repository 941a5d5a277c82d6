import type { PullRequestEvent, PullRequestFacts, PullRequestState } from './pull-request-facts.ts'

/** How a pull request ended. Moments in whole seconds since 1970; all null while it is open. */
export type PullRequestEnd = {
  state: PullRequestState
  mergedAt: number | null
  /** Declined or superseded. */
  closedAt: number | null
  endedAt: number | null
  /** Nothing tells the moment: it is that of the remote's last change. */
  isApproximate: boolean
  rule: EndRule
}

/** What told of the end: an event, what the pull request says itself, or only the remote's last change. */
export type EndRule = 'end_still_open' | 'end_by_event' | 'end_by_itself' | 'end_by_last_change'

const open: PullRequestEnd = {
  state: 'open',
  mergedAt: null,
  closedAt: null,
  endedAt: null,
  isApproximate: false,
  rule: 'end_still_open',
}

/**
 * Says when and how a pull request ended: by the event of its end, else by what it says itself, else by the remote's last
 * change. An event may be known before the state is, as feeds are read one after another.
 */
export function findEnd(facts: PullRequestFacts): PullRequestEnd {
  const merged = momentsOf(facts.events, ['merged'])
  if (merged.length > 0 || facts.state === 'merged') {
    const told = merged.length > 0 ? Math.min(...merged) : (facts.mergedAt ?? facts.closedAt)
    const mergedAt = told ?? facts.remoteUpdatedAt
    const rule = ruleOf({ hasEvent: merged.length > 0, told })
    return { state: 'merged', mergedAt, closedAt: null, endedAt: mergedAt, isApproximate: told === null, rule }
  }
  const closing = findClosing(facts)
  if (closing === undefined) return open
  const told = closing.at ?? facts.closedAt
  const closedAt = told ?? facts.remoteUpdatedAt
  const rule = ruleOf({ hasEvent: closing.at !== null, told })
  return { state: closing.state, mergedAt: null, closedAt, endedAt: closedAt, isApproximate: told === null, rule }
}

function ruleOf({ hasEvent, told }: { hasEvent: boolean; told: number | null }): EndRule {
  if (hasEvent) return 'end_by_event'
  return told === null ? 'end_by_last_change' : 'end_by_itself'
}

function findClosing(facts: PullRequestFacts): { state: 'declined' | 'superseded'; at: number | null } | undefined {
  const reopened = Math.max(...momentsOf(facts.events, ['reopened']), Number.NEGATIVE_INFINITY)
  const last = facts.events
    .filter(({ kind, at }) => (kind === 'declined' || kind === 'superseded') && at >= reopened)
    .toSorted((a, b) => b.at - a.at || a.kind.localeCompare(b.kind))[0]
  if (last !== undefined) return { state: last.kind === 'superseded' ? 'superseded' : 'declined', at: last.at }
  return facts.state === 'declined' || facts.state === 'superseded' ? { state: facts.state, at: null } : undefined
}

function momentsOf(events: readonly PullRequestEvent[], kinds: readonly PullRequestEvent['kind'][]): number[] {
  return events.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at)
}
