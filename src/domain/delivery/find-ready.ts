import type { PullRequestEvent, PullRequestFacts } from './pull-request-facts.ts'

/** Since when a pull request asks for a review: null while it is a draft. `wasDraft` is null where nothing tells. */
export type Readiness = { readyAt: number | null; wasDraft: boolean | null; rule: ReadyRule }

/** Why it counts as ready from then on, or not at all. */
export type ReadyRule = 'ready_draft_still' | 'ready_at_opening' | 'ready_by_event' | 'ready_since_opening'

type Flip = { kind: 'ready' | 'drafted'; at: number }

/**
 * Says since when a pull request asked for a review, in whole seconds: the last change from draft to ready before the
 * first review that was given while it was no draft, else its opening. What was said about a draft does not make it ready.
 * A `ready` at its opening says that it never was a draft.
 */
export function findReady(
  facts: PullRequestFacts,
  { reviewedAt, endedAt }: { reviewedAt: readonly number[]; endedAt: number | null },
): Readiness {
  const flips = listFlips(facts.events, endedAt)
  const [first] = flips
  if (first === undefined)
    return facts.isDraft
      ? { readyAt: null, wasDraft: true, rule: 'ready_draft_still' }
      : { readyAt: facts.openedAt, wasDraft: null, rule: 'ready_at_opening' }
  const startedAsDraft = first.kind === 'ready' && first.at > facts.openedAt
  const isDraftAt = (at: number): boolean => {
    const before = flips.findLast((flip) => flip.at <= at)
    return before === undefined ? startedAsDraft : before.kind === 'drafted'
  }
  const wasDraft = startedAsDraft || flips.some(({ kind }) => kind === 'drafted')
  const firstReview = reviewedAt.find((at) => !isDraftAt(at))
  const until = firstReview ?? endedAt ?? Number.POSITIVE_INFINITY
  if (firstReview === undefined && isDraftAt(until)) return { readyAt: null, wasDraft, rule: 'ready_draft_still' }
  const flip = flips.findLast(({ kind, at }) => kind === 'ready' && at <= until)
  const readyAt = Math.max(flip?.at ?? facts.openedAt, facts.openedAt)
  return { readyAt, wasDraft, rule: flip === undefined ? 'ready_since_opening' : 'ready_by_event' }
}

function listFlips(events: readonly PullRequestEvent[], endedAt: number | null): Flip[] {
  return events
    .flatMap(({ kind, at }) => (kind === 'ready' || kind === 'drafted' ? [{ kind, at }] : []))
    .filter(({ at }) => endedAt === null || at <= endedAt)
    .toSorted((a, b) => a.at - b.at || a.kind.localeCompare(b.kind))
}
