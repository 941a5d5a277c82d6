import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computeFigures } from '../compute-figures.ts'
import type { PullRequestEvent, PullRequestFacts } from '../pull-request-facts.ts'
import type { Reason } from './reason.ts'

const [ada, ben] = ['ada', 'ben'].map((id) => ({ id, isBot: false }))
const robot = { id: 'robot', isBot: true }
const opened = 1_000_000
const anyEvent = fc.record({
  kind: fc.constantFrom(
    'ready',
    'drafted',
    'commit_pushed',
    'comment',
    'approval',
    'changes_requested',
    'merged',
    'declined',
    'reopened',
  ),
  at: fc.integer({ min: opened, max: opened + 60 }),
  by: fc.constantFrom(ada ?? null, ben ?? null, robot, null),
  isDeleted: fc.boolean(),
})
const anyFacts = fc.record({
  events: fc.array(anyEvent as fc.Arbitrary<PullRequestEvent>, { maxLength: 14 }),
  approvals: fc.array(
    fc.record({
      by: fc.constantFrom(...[ada, ben].flatMap((one) => one ?? []), robot),
      at: fc.integer({ min: opened, max: opened + 60 }),
    }),
    { maxLength: 2 },
  ),
  isDraft: fc.boolean(),
  author: fc.constantFrom(ada ?? null, null),
  firstCommitAt: fc.option(fc.integer({ min: opened - 50, max: opened + 50 })),
})
const toFacts = (given: Partial<PullRequestFacts>): PullRequestFacts => ({
  state: 'open',
  isDraft: false,
  author: ada ?? null,
  closedById: null,
  openedAt: opened,
  remoteUpdatedAt: opened + 70,
  mergedAt: null,
  closedAt: null,
  firstCommitAt: null,
  hasStaleCommit: false,
  changedLines: null,
  events: [],
  approvals: [],
  excludedReason: null,
  ...given,
})
function explain(facts: PullRequestFacts) {
  const reasons: Reason[] = []
  return { figures: computeFigures(facts, (reason) => reasons.push(reason)), reasons }
}

describe('whatever happened', () => {
  test('listening changes no figure, and every moment has one reason that names the moment that was chosen', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const facts = toFacts(given)
        const { figures, reasons } = explain(facts)
        expect(figures).toEqual(computeFigures(facts))
        const told = Object.fromEntries(reasons.flatMap((one) => (one.about === 'event' ? [] : [[one.about, one.at]])))
        const { timestamps: at } = figures
        expect(told).toEqual({
          first_commit_at: at.firstCommitAt,
          opened_at: at.openedAt,
          ready_at: at.readyAt,
          first_review_at: at.firstReviewAt,
          first_approval_at: at.firstApprovalAt,
          last_approval_at: at.lastApprovalAt,
          merged_at: at.mergedAt,
          closed_at: at.closedAt,
        })
        expect(reasons.filter(({ about }) => about !== 'event')).toHaveLength(8)
      }),
      { numRuns: 300 },
    )
  })

  test('as many things said are told to count as there are reviews, and everything said is judged once', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { figures, reasons } = explain(toFacts(given))
        const judged = reasons.flatMap((one) => (one.about === 'event' ? [one] : []))
        expect(judged.filter(({ rule }) => rule === 'review_counts')).toHaveLength(figures.reviewCount)
        expect(new Set(judged.map(({ event }) => event)).size).toBe(judged.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the reason', () => {
  const event = (kind: PullRequestEvent['kind'], at: number, by = ben ?? null, isDeleted = false) => ({
    kind,
    at: opened + at,
    by,
    isDeleted,
  })
  test('of what does not count is told of each', () => {
    const events = [
      event('comment', 1, robot),
      event('comment', 2, ada),
      event('comment', 3, ben, true),
      event('approval', 4),
      event('merged', 9, ada),
      event('comment', 10),
    ]
    const rules = explain(toFacts({ events })).reasons.flatMap((one) => (one.about === 'event' ? [one.rule] : []))
    expect(rules).toEqual([
      'review_by_program',
      'review_by_author',
      'review_deleted',
      'review_counts',
      'review_after_end',
    ])
  })
  test('of a first review names who gave it and what it was', () => {
    const { reasons } = explain(toFacts({ events: [event('approval', 4)] }))
    expect(reasons.find(({ about }) => about === 'first_review_at')).toEqual({
      about: 'first_review_at',
      rule: 'chosen_first',
      at: opened + 4,
      by: ben,
      what: 'approval',
    })
  })
})
