import { describe, expect, test } from 'vitest'
import { findTimestamps } from './find-timestamps.ts'
import { measurePhases } from './measure-phases.ts'
import type { PullRequestEvent, PullRequestFacts } from './pull-request-facts.ts'

const ada = { id: 'ada', isBot: false }
const ben = { id: 'ben', isBot: false }
const robot = { id: 'robot', isBot: true }
const hour = 3600

/** Hours after the opening, as seconds. */
const at = (hours: number) => 1_000_000 + hours * hour
const event = (kind: PullRequestEvent['kind'], hours: number, more: Partial<PullRequestEvent> = {}) => ({
  kind,
  at: at(hours),
  by: ben,
  isDeleted: false,
  ...more,
})
const merged = (hours: number, ...events: PullRequestEvent[]): PullRequestFacts => ({
  ...open(...events, event('merged', hours, { by: ada })),
  state: 'merged',
})
function open(...events: PullRequestEvent[]): PullRequestFacts {
  return {
    state: 'open',
    isDraft: false,
    author: ada,
    closedById: null,
    openedAt: at(0),
    remoteUpdatedAt: at(100),
    mergedAt: null,
    closedAt: null,
    firstCommitAt: at(-5),
    hasStaleCommit: false,
    changedLines: null,
    events,
    approvals: [],
    excludedReason: null,
  }
}
/** Phases in hours, in the order coding, draft, pickup, review, merge wait, cycle. */
function phasesOf(facts: PullRequestFacts): (number | null)[] {
  const { timestamps, wasDraft } = findTimestamps(facts)
  const { coding, draft, pickup, review, mergeWait, cycle } = measurePhases(timestamps, wasDraft)
  return [coding, draft, pickup, review, mergeWait, cycle].map((one) => (one === null ? null : one / hour))
}
const flagsOf = (facts: PullRequestFacts) => findTimestamps(facts).flags.filter((flag) => flag !== 'draft_unknown')

describe('phases in hours: coding, draft, pickup, review, merge wait, cycle', () => {
  test.each<[string, PullRequestFacts, (number | null)[]]>([
    ['of comment, approval, merge', merged(9, event('comment', 2), event('approval', 6)), [5, null, 2, 4, 3, 9]],
    ['of an approval as the first review', merged(9, event('approval', 6)), [5, null, 6, 0, 3, 9]],
    ['of one commented and never approved', merged(9, event('comment', 2)), [5, null, 2, null, 7, 9]],
    ['of one nobody reviewed: no pickup, not one of 0', merged(9), [5, null, null, null, 9, 9]],
    ['of requested changes', merged(9, event('changes_requested', 1), event('approval', 8)), [5, null, 1, 7, 1, 9]],
    ['of a review after the merge', merged(9, event('approval', 10)), [5, null, null, null, 9, 9]],
    ['of a review at the very merge', merged(9, event('approval', 9)), [5, null, 9, 0, 0, 9]],
    [
      'of several approvals: the first ends the review',
      merged(9, event('approval', 3), event('approval', 7)),
      [5, null, 3, 0, 6, 9],
    ],
    [
      'of the author and a program alone',
      merged(9, event('comment', 1, { by: ada }), event('approval', 2, { by: robot })),
      [5, null, null, null, 9, 9],
    ],
    [
      'of a deleted comment',
      merged(9, event('comment', 1, { isDeleted: true }), event('approval', 4)),
      [5, null, 4, 0, 5, 9],
    ],
    [
      'of one without known commits',
      { ...merged(9, event('approval', 4)), firstCommitAt: null },
      [null, null, 4, 0, 5, 9],
    ],
    ['of an open one', open(event('comment', 3)), [5, null, 3, null, null, null]],
    [
      'of a declined one',
      { ...open(event('comment', 3), event('declined', 4)), state: 'declined' },
      [5, null, 3, null, null, null],
    ],
    ['of a draft made ready', merged(9, event('ready', 4, { by: ada }), event('approval', 6)), [9, 4, 2, 0, 3, 5]],
    [
      'of one that never was a draft',
      merged(9, event('ready', 0, { by: ada }), event('approval', 6)),
      [5, 0, 6, 0, 3, 9],
    ],
    ['of one that is a draft', { ...open(event('comment', 3)), isDraft: true }, [null, null, null, null, null, null]],
  ])('%s', (_, facts, wanted) => expect(phasesOf(facts)).toEqual(wanted))
})

describe('a draft', () => {
  test('that was talked about counts from ready on, and its comment from there, told by a flag', () => {
    const facts = merged(9, event('comment', 1), event('ready', 4, { by: ada }), event('approval', 6))
    expect(phasesOf(facts)).toEqual([9, 4, 0, 2, 3, 5])
    expect(flagsOf(facts)).toEqual(['review_before_ready'])
  })
  test('again after its first review stays ready since before it', () => {
    const facts = merged(9, event('comment', 1), event('drafted', 2), event('ready', 5), event('approval', 6))
    expect(phasesOf(facts)).toEqual([5, 0, 1, 5, 3, 9])
  })
  test('twice before its first review counts from the last time it was made ready', () => {
    const facts = merged(9, event('ready', 1), event('drafted', 2), event('ready', 5), event('approval', 6))
    expect(phasesOf(facts)).toEqual([10, 5, 1, 0, 3, 4])
  })
  test('made one again and still one is not ready', () => {
    expect(findTimestamps(open(event('drafted', 2))).timestamps.readyAt).toBeNull()
  })
  test('nobody tells of is flagged, and its time unknown', () => {
    expect(findTimestamps(merged(9)).flags).toEqual(['draft_unknown'])
  })
})

describe('the end of a pull request', () => {
  const ends = (facts: PullRequestFacts) => {
    const { mergedAt, closedAt } = findTimestamps(facts).timestamps
    return { mergedAt, closedAt }
  }
  test('is the event of it before what the pull request says', () => {
    expect(ends({ ...merged(9), mergedAt: at(12) })).toEqual({ mergedAt: at(9), closedAt: null })
  })
  test('is known from the event before the state is', () => {
    expect(ends({ ...merged(9), state: 'open' })).toEqual({ mergedAt: at(9), closedAt: null })
  })
  test('is what the pull request says where no event tells', () => {
    const facts = { ...open(), state: 'merged' as const, mergedAt: at(12) }
    expect([ends(facts), flagsOf(facts)]).toEqual([{ mergedAt: at(12), closedAt: null }, []])
  })
  test('is the last change where nothing tells, and flagged', () => {
    const facts = { ...open(), state: 'merged' as const }
    expect([ends(facts), flagsOf(facts)]).toEqual([{ mergedAt: at(100), closedAt: null }, ['approximate_end']])
  })
  test.each(['declined', 'superseded'] as const)('is known of one that was %s', (kind) => {
    expect(ends({ ...open(event(kind, 7)), state: kind })).toEqual({ mergedAt: null, closedAt: at(7) })
    expect(findTimestamps({ ...open(event(kind, 7)), state: kind }).end.state).toBe(kind)
  })
  test('is none after it was opened again', () => {
    expect(ends(open(event('declined', 3), event('reopened', 4)))).toEqual({ mergedAt: null, closedAt: null })
  })
})

describe('what is to be known of a figure', () => {
  test.each<[string, PullRequestFacts, string[], (number | null)[]]>([
    [
      'a commit after the opening counts from it',
      { ...merged(9), firstCommitAt: at(3) },
      ['commit_after_open'],
      [0, null, null, null, 9, 9],
    ],
    ['an old commit', { ...merged(9), hasStaleCommit: true }, ['stale_commit'], [5, null, null, null, 9, 9]],
    ['a merge before its opening has no span', merged(-1), [], [5, null, null, null, null, null]],
    [
      'an approval only the pull request tells of',
      { ...merged(9), approvals: [{ by: ben, at: at(4) }] },
      ['approval_from_participants'],
      [5, null, 4, 0, 5, 9],
    ],
    [
      'an approval both tell of counts once',
      { ...merged(9, event('approval', 3)), approvals: [{ by: ben, at: at(4) }] },
      [],
      [5, null, 3, 0, 6, 9],
    ],
    [
      'a reviewer nobody knows is not a known author',
      merged(9, event('comment', 3, { by: null })),
      ['unknown_reviewer'],
      [5, null, 3, null, 6, 9],
    ],
    [
      'a reviewer and an author nobody knows may be the same',
      { ...merged(9, event('comment', 3, { by: null })), author: null },
      ['unknown_author', 'unknown_reviewer'],
      [5, null, null, null, 9, 9],
    ],
  ])('%s', (_, facts, flags, phases) => expect([flagsOf(facts), phasesOf(facts)]).toEqual([flags, phases]))
})
