import { describe, expect, test } from 'vitest'
import { certaintyOf, chooseLinks, type LinkCandidate, type LinkRule } from './choose-links.ts'

const candidate: LinkCandidate = {
  pullRequestId: 'a',
  openedAt: 10,
  mergedAt: 20,
  keyPlaces: [],
  hasThread: false,
  removesPlace: false,
  isOnlyBetweenScans: false,
  decision: null,
}
const open = { fixedAt: null, lastSeenAt: 15 }
const fixed = { fixedAt: 25, lastSeenAt: 15 }

describe('which pull requests remedy a vulnerability', () => {
  const table: [string, { fixedAt: number | null; lastSeenAt: number }, Partial<LinkCandidate>, string[]][] = [
    ['nothing speaks for it', fixed, {}, []],
    ['its key, wherever it stands', open, { keyPlaces: ['comment', 'branch'] }, ['branch', 'comment']],
    ['its key, in one that is open', open, { keyPlaces: ['title'], mergedAt: null }, ['title']],
    ['its key, in what was opened after the fix', { fixedAt: 9, lastSeenAt: 5 }, { keyPlaces: ['title'] }, []],
    ['a thread, merged between the last sight and the fix', fixed, { hasThread: true }, ['thread']],
    [
      'a thread, and the next scan still sees it: there it was brought in',
      { fixedAt: 40, lastSeenAt: 30 },
      { hasThread: true },
      [],
    ],
    ['a thread, and it is not fixed', open, { hasThread: true }, []],
    ['a thread on one that is not merged', fixed, { hasThread: true, mergedAt: null }, []],
    ['a thread on one merged after the fix', { fixedAt: 18, lastSeenAt: 15 }, { hasThread: true }, []],
    ['it took the place away', fixed, { removesPlace: true }, ['place']],
    ['alone between two scans', fixed, { isOnlyBetweenScans: true }, ['scan']],
    ['a person added it', open, { decision: true }, ['person']],
    [
      'a person took it away, against every rule',
      fixed,
      { keyPlaces: ['title'], hasThread: true, removesPlace: true, isOnlyBetweenScans: true, decision: false },
      [],
    ],
    [
      'every rule that says so',
      fixed,
      { keyPlaces: ['title'], hasThread: true, removesPlace: true, isOnlyBetweenScans: true, decision: true },
      ['title', 'thread', 'place', 'scan', 'person'],
    ],
  ]
  test.each(table)('%s', (_name, vulnerability, more, rules) => {
    expect(chooseLinks(vulnerability, [{ ...candidate, ...more }]).flatMap((link) => link.rules)).toEqual(rules)
  })
})

test.each<[LinkRule[], string | null]>([
  [[], null],
  [['scan'], 'likely'],
  [['scan', 'place'], 'shown'],
  [['thread'], 'shown'],
  [['thread', 'scan', 'title'], 'said'],
  [['person'], 'said'],
])('of rules %j the surest decides: %s', (rules, certainty) => {
  expect(certaintyOf(rules)).toBe(certainty)
})
