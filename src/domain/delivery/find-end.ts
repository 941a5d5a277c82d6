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
}

const open: PullRequestEnd = { state: 'open', mergedAt: null, closedAt: null, endedAt: null, isApproximate: false }

/**
 * Says when and how a pull request ended: by the event of its end, else by what it says itself, else by the remote's last
 * change. An event may be known before the state is, as feeds are read one after another.
 */
export function findEnd(facts: PullRequestFacts): PullRequestEnd {
  const merged = momentsOf(facts.events, ['merged'])
  if (merged.length > 0 || facts.state === 'merged') {
    const told = merged.length > 0 ? Math.min(...merged) : (facts.mergedAt ?? facts.closedAt)
    const mergedAt = told ?? facts.remoteUpdatedAt
    return { state: 'merged', mergedAt, closedAt: null, endedAt: mergedAt, isApproximate: told === null }
  }
  const closing = findClosing(facts)
  if (closing === undefined) return open
  const told = closing.at ?? facts.closedAt
  const closedAt = told ?? facts.remoteUpdatedAt
  return { state: closing.state, mergedAt: null, closedAt, endedAt: closedAt, isApproximate: told === null }
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
