import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computeFigures } from './compute-figures.ts'
import { measureDeployPhases } from './measure-phases.ts'
import type { PullRequestEvent, PullRequestEventKind, PullRequestFacts } from './pull-request-facts.ts'

const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((id) => ({ id, isBot: false }))
const robot = { id: 'robot', isBot: true }
const opened = 1_000_000
const hour = 3600
const event = (kind: PullRequestEventKind, hours: number, by: PullRequestEvent['by'] = ben ?? null) => ({
  kind,
  at: opened + hours * hour,
  by,
  isDeleted: false,
})
const facts = (events: readonly PullRequestEvent[], more: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  state: 'open',
  isDraft: false,
  author: ada ?? null,
  closedById: null,
  openedAt: opened,
  remoteUpdatedAt: opened,
  mergedAt: null,
  closedAt: null,
  firstCommitAt: opened - hour,
  hasStaleCommit: false,
  changedLines: 300,
  events,
  approvals: [],
  excludedReason: null,
  ...more,
})

describe('a round of review', () => {
  test.each([
    ['is a comment and the commit after it', [event('comment', 1), event('commit_pushed', 3, ada)], 1, 2],
    [
      'is one, however many comments came before the commit',
      [event('comment', 1), event('comment', 2), event('commit_pushed', 3, ada), event('commit_pushed', 4, ada)],
      1,
      2,
    ],
    [
      'begins again with the next comment',
      [
        event('comment', 1),
        event('commit_pushed', 3, ada),
        event('changes_requested', 4),
        event('commit_pushed', 6, ada),
      ],
      2,
      2,
    ],
    ['is none without a commit', [event('commit_pushed', 0.5, ada), event('comment', 1)], 0, null],
    ['is none of an approval', [event('approval', 1), event('commit_pushed', 3, ada)], 0, null],
    ['is none with a commit of the same second', [event('comment', 1), event('commit_pushed', 1, ada)], 0, null],
    ['is none after the merge', [event('comment', 1), event('merged', 2), event('commit_pushed', 3, ada)], 0, null],
  ])('%s', (_, events, rounds, hours) => {
    const figures = computeFigures(facts(events))
    expect([figures.rounds, figures.answeredAfter]).toEqual([rounds, hours === null ? null : hours * hour])
  })
})

describe('an approval at a glance', () => {
  const approvedAfter = (seconds: number, more: Partial<PullRequestFacts> = {}) =>
    computeFigures(facts([event('approval', seconds / hour)], more)).isFlashReviewed
  test.each<[string, boolean | null, boolean | null]>([
    ['is one within five minutes', approvedAfter(299), true],
    ['is none at five minutes', approvedAfter(300), false],
    ['is none of 200 lines', approvedAfter(10, { changedLines: 200 }), false],
    ['is unknown while the lines are', approvedAfter(10, { changedLines: null }), null],
  ])('%s', (_, found, wanted) => expect(found).toBe(wanted))
  test('is none of a draft that was approved before it was ready', () => {
    expect(computeFigures(facts([event('approval', 1), event('ready', 2, ada)])).isFlashReviewed).toBe(false)
  })
})

describe('who merged and approved', () => {
  const merged = (closedById: string | null, more: Partial<PullRequestFacts> = {}) =>
    computeFigures(facts([event('merged', 2)], { closedById, ...more }))
  test('the author or not, or nobody knows', () => {
    const told = [merged('ada'), merged('ben'), merged(null), merged('ada', { author: null })]
    expect(told.map(({ isSelfMerged }) => isSelfMerged)).toEqual([true, false, null, null])
  })
  test('the author alone is told apart from the author and another', () => {
    const own = event('approval', 1, ada)
    expect(computeFigures(facts([own])).isSelfApprovedOnly).toBe(true)
    expect(computeFigures(facts([own, event('approval', 1.5)])).isSelfApprovedOnly).toBe(false)
    expect(computeFigures(facts([own, event('approval', 1.5, robot)])).isSelfApprovedOnly).toBe(true)
  })
})

describe('what is left out', () => {
  test('is the work of programs, and what a person excluded, by their words', () => {
    expect(computeFigures(facts([], { author: robot })).leftOut).toBe('bot_author')
    expect(computeFigures(facts([], { author: robot, excludedReason: 'A rehearsal' })).leftOut).toBe('A rehearsal')
    expect(computeFigures(facts([])).leftOut).toBeNull()
  })
  test('of times to the merge is one that lies before its opening, and it is flagged', () => {
    const { leftOut, spanLeftOut, flags, phases } = computeFigures(facts([event('merged', -1)]))
    expect([leftOut, spanLeftOut, flags]).toEqual([null, 'negative_span', ['draft_unknown', 'negative_span']])
    expect([phases.cycle, phases.mergeWait]).toEqual([null, null])
  })
})

const kinds = [
  'ready',
  'drafted',
  'commit_pushed',
  'comment',
  'approval',
  'changes_requested',
  'merged',
  'declined',
] as const
const anyEvent = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.integer({ min: opened, max: opened + 60 }),
  by: fc.constantFrom(ada ?? null, ben ?? null, cleo ?? null, robot, null),
  isDeleted: fc.boolean(),
})
const anyFacts = fc.record({
  events: fc.array(anyEvent, { maxLength: 14 }),
  isDraft: fc.boolean(),
  firstCommitAt: fc.option(fc.integer({ min: opened - 50, max: opened + 50 })),
  deployedAfter: fc.integer({ min: 0, max: 40 }),
})

describe('whatever happened', () => {
  test('phases add up to the second: to the cycle, and with deployment to the lead time', () => {
    fc.assert(
      fc.property(anyFacts, ({ deployedAfter, ...given }) => {
        const { phases, timestamps } = computeFigures(facts(given.events, given))
        const { coding, pickup, review, mergeWait, cycle } = phases
        const { firstCommitAt, mergedAt } = timestamps
        const deployedAt = mergedAt === null ? null : mergedAt + deployedAfter
        const { deploy, lead } = measureDeployPhases({ firstCommitAt, mergedAt, deployedAt })
        if (cycle === null) expect(mergeWait).toBeNull()
        else expect((pickup ?? 0) + (review ?? 0) + (mergeWait ?? Number.NaN)).toBe(cycle)
        if (coding !== null && cycle !== null) expect(coding + cycle + (deploy ?? Number.NaN)).toBe(lead)
      }),
      { numRuns: 300 },
    )
  })

  test('no phase is negative, none is 0 for the unknown, and nothing lies after the end', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { phases, timestamps, endedAt } = computeFigures(facts(given.events, given))
        for (const seconds of Object.values(phases)) expect(seconds === null || seconds >= 0).toBe(true)
        expect(phases.pickup === null).toBe(timestamps.firstReviewAt === null)
        expect(phases.review === null).toBe(timestamps.firstApprovalAt === null)
        const reviewed = [timestamps.firstReviewAt, timestamps.firstApprovalAt, timestamps.lastApprovalAt]
        if (endedAt !== null) expect(reviewed.every((at) => at === null || at <= endedAt)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('the order in which it is told has no effect', () => {
    const shuffled = anyFacts.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given.events, { minLength: given.events.length })),
    )
    fc.assert(
      fc.property(shuffled, ([given, events]) => {
        expect(computeFigures(facts(events, { ...given, events }))).toEqual(computeFigures(facts(given.events, given)))
      }),
      { numRuns: 200 },
    )
  })

  test('a program changes nothing but that there was one', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const without = given.events.filter(
          ({ by, kind }) => by !== robot || !['comment', 'approval', 'changes_requested'].includes(kind),
        )
        const figures = computeFigures(facts(without, { ...given, events: without }))
        expect(computeFigures(facts(given.events, given))).toEqual(figures)
      }),
      { numRuns: 200 },
    )
  })
})
