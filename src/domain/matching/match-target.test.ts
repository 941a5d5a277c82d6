import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Status } from '../status.ts'
import type { ExistingFinding, ReportIdentity } from './identities.ts'
import { matchPullRequest } from './match-target.ts'

const seen = (position: number, text: string, more: Partial<ReportIdentity> = {}): ReportIdentity => ({
  position,
  kind: 'code',
  scanner: 'Lantern',
  ruleId: 'rule',
  toolKey: null,
  contentKey: text,
  placeKey: 'src/a.ts rule',
  movedKey: null,
  sketch: null,
  packageKey: null,
  names: [],
  path: 'src/a.ts',
  line: position * 100 + 1,
  column: 1,
  isSuppressed: false,
  bodyHash: text,
  ...more,
})
const stored = (id: string, of: ReportIdentity, more: Partial<ExistingFinding> = {}): ExistingFinding => ({
  ...of,
  id,
  contentIndex: 0,
  active: true,
  status: 'identified',
  ...more,
})

type Sides = { branch?: ExistingFinding[]; target?: ExistingFinding[] }
const match = (report: ReportIdentity[], { branch = [], target = [] }: Sides) =>
  matchPullRequest({ branch, target, report, closingScanners: ['Lantern'] })

describe('the scan of a pull request', () => {
  test('tells of what is new in it alone', () => {
    const target = [stored('t1', seen(0, 'old')), stored('t2', seen(1, 'gone'))]
    const { items, closed } = match([seen(0, 'old'), seen(1, 'new', { line: 900 })], { target })
    expect(items.map(({ outcome, findingId }) => [outcome, findingId])).toEqual([
      ['known', 't1'],
      ['new', null],
    ])
    expect(closed).toEqual([])
  })

  test.each<[Status, boolean, boolean, string]>([
    ['identified', true, false, 'known'],
    ['identified', false, false, 'new'],
    ['fixed', false, false, 'new'],
    ['false_positive', true, false, 'known'],
    ['false_positive', false, false, 'known'],
    ['risk_accepted', false, false, 'known'],
    ['suppressed', true, false, 'new'],
    ['suppressed', true, true, 'known'],
  ])(
    'of what is %s in the target (there: %s; kept quiet here: %s) it is %s',
    (status, active, isSuppressed, wanted) => {
      const target = [stored('t1', seen(0, 'text'), { status, active })]
      expect(match([seen(0, 'text', { isSuppressed })], { target }).items).toMatchObject([{ outcome: wanted }])
    },
  )

  test('keeps what it made before, and closes on the branch what went from it', () => {
    const target = [stored('t1', seen(0, 'old'))]
    const branch = [stored('b1', seen(1, 'mine')), stored('b2', seen(2, 'mended'))]
    const plan = match([seen(0, 'old'), seen(1, 'mine')], { branch, target })
    expect(plan.items.map(({ outcome, findingId }) => [outcome, findingId])).toEqual([
      ['known', 't1'],
      ['kept', 'b1'],
    ])
    expect(plan.closed.map(({ id }) => id)).toEqual(['b2'])
    expect(plan.inTarget.size).toBe(0)
  })

  test('closes on the branch what the target has by now, and says so', () => {
    const plan = match([seen(0, 'text')], {
      branch: [stored('b1', seen(0, 'text'))],
      target: [stored('t1', seen(0, 'text'))],
    })
    expect(plan.items).toMatchObject([{ outcome: 'known', findingId: 't1' }])
    expect([plan.closed.map(({ id }) => id), [...plan.inTarget]]).toEqual([['b1'], ['b1']])
  })

  test('does not take what stands on the branch for an edited text of the target', () => {
    const target = [stored('t1', seen(0, 'taken out', { line: 10 }))]
    const branch = [stored('b1', seen(0, 'put in', { line: 10 }))]
    expect(match([seen(0, 'put in', { line: 10 })], { branch, target }).items).toMatchObject([
      { outcome: 'kept', findingId: 'b1' },
    ])
  })

  test('tells of every result once, as known or not, and closes findings of the branch alone', () => {
    const text = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const side = (mark: string) =>
      fc
        .array(
          fc.record({ text, active: fc.boolean(), status: fc.constantFrom<Status>('identified', 'false_positive') }),
        )
        .map((all) =>
          all.map((one, at) => stored(`${mark}${at}`, seen(at, one.text), { active: one.active, status: one.status })),
        )
    fc.assert(
      fc.property(side('b'), side('t'), fc.array(text), (branch, target, texts) => {
        const report = texts.map((one, at) => seen(at, one))
        const { items, closed } = match(report, { branch, target })
        expect(items.map(({ position }) => position)).toEqual(report.map(({ position }) => position))
        for (const { outcome, findingId } of items)
          expect(findingId === null ? 'n' : (findingId[0] ?? '')).toBe(
            outcome === 'known' ? 't' : outcome === 'new' ? 'n' : 'b',
          )
        expect(closed.every(({ id, active }) => active && id.startsWith('b'))).toBe(true)
        const used = items.flatMap(({ findingId }) => findingId ?? [])
        expect(new Set(used).size).toBe(used.length)
      }),
    )
  })

  test('with nothing stored for its target is a scan like any other', () => {
    const branch = [stored('b1', seen(0, 'text')), stored('b2', seen(1, 'gone'))]
    const plan = match([seen(0, 'text')], { branch })
    expect(plan.items).toMatchObject([{ outcome: 'kept', findingId: 'b1' }])
    expect(plan.closed.map(({ id }) => id)).toEqual(['b2'])
  })
})
