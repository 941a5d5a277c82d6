import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Status } from '../status.ts'
import type { ExistingFinding, ReportIdentity } from './identities.ts'
import { matchFindings } from './match-findings.ts'

const seen = (position: number, more: Partial<ReportIdentity> = {}): ReportIdentity => ({
  position,
  kind: 'code',
  scanner: 'Lantern',
  ruleId: 'rule',
  toolKey: null,
  contentKey: `content-${position}`,
  placeKey: null,
  movedKey: null,
  sketch: null,
  packageKey: null,
  names: [],
  path: 'src/a.ts',
  line: position + 1,
  column: 1,
  isSuppressed: false,
  bodyHash: `body-${position}`,
  ...more,
})
const stored = (id: string, of: ReportIdentity, more: Partial<ExistingFinding> = {}): ExistingFinding => ({
  id,
  kind: of.kind,
  scanner: of.scanner,
  ruleId: of.ruleId,
  toolKey: of.toolKey,
  contentKey: of.contentKey,
  placeKey: of.placeKey,
  movedKey: of.movedKey,
  sketch: of.sketch,
  packageKey: of.packageKey,
  names: of.names,
  path: of.path,
  contentIndex: 0,
  line: of.line,
  active: true,
  status: 'identified',
  bodyHash: of.bodyHash,
  ...more,
})
const match = (existing: ExistingFinding[], report: ReportIdentity[], closingScanners = ['Lantern']) =>
  matchFindings({ existing, report, closingScanners })

describe('a decision of a person', () => {
  const gone = (more: Partial<ReportIdentity>, status: Status) => stored('f1', seen(0, more), { status, active: false })

  test.each<[Status, string]>([
    ['false_positive', 'kept'],
    ['risk_accepted', 'kept'],
    ['fixed', 'reopened'],
  ])('%s: what went and comes back is %s, and written as seen', (status, outcome) => {
    const [item] = match([gone({}, status)], [seen(0)]).items
    expect(item).toMatchObject({ findingId: 'f1', outcome, isActive: true })
    expect(item?.isChanged === true || outcome === 'reopened').toBe(true)
  })

  test.each<[Status, string | null]>([
    ['false_positive', 'f1'],
    ['risk_accepted', 'f1'],
    ['fixed', null],
  ])('%s: holds for telling text that comes back in another file: %s', (status, findingId) => {
    const before = gone({ movedKey: 'a telling', contentKey: 'before', path: 'src/a.ts' }, status)
    const now = seen(0, { movedKey: 'a telling', contentKey: 'now', path: 'lib/b.ts', line: 90 })
    expect(match([before], [now]).items).toMatchObject([{ findingId, decision: findingId && status }])
  })

  test('never takes the place of what is there: the living one moved', () => {
    const text = { movedKey: 'a telling', contentKey: 'before', path: 'src/a.ts' }
    const living = stored('f2', seen(1, { ...text, path: 'src/c.ts', contentKey: 'other' }))
    const now = seen(0, { movedKey: 'a telling', contentKey: 'now', path: 'lib/b.ts', line: 90 })
    expect(match([gone(text, 'false_positive'), living], [now]).items).toMatchObject([{ findingId: 'f2' }])
  })

  test('is not found in text that only looks alike', () => {
    const near = { placeKey: 'place', line: 10, sketch: null }
    const before = gone({ ...near, contentKey: 'before' }, 'false_positive')
    expect(match([before], [seen(0, { ...near, contentKey: 'now' })]).items).toMatchObject([{ findingId: null }])
  })
})

describe('matching', () => {
  test('prefers the scanner’s own key over the content', () => {
    const plan = match(
      [stored('by-content', seen(0, { toolKey: 'other' })), stored('by-key', seen(9, { toolKey: 'same' }))],
      [seen(0, { toolKey: 'same' })],
    )
    expect(plan.items).toMatchObject([{ findingId: 'by-key', step: 'exact', outcome: 'kept', isChanged: true }])
    expect(plan.closed.map((finding) => finding.id)).toEqual(['by-content'])
  })

  test('falls back to the content when the scanner changed its keys', () => {
    const plan = match([stored('old', seen(0, { toolKey: 'v1' }))], [seen(0, { toolKey: 'v2' })])
    expect(plan.items).toMatchObject([{ findingId: 'old', step: 'content', isChanged: true }])
  })

  test('never takes one scanner’s finding for another’s', () => {
    const plan = match([stored('theirs', seen(0, { scanner: 'Beacon' }))], [seen(0)], ['Lantern'])
    expect(plan.items).toMatchObject([{ outcome: 'new', findingId: null }])
    expect(plan.closed).toEqual([])
  })

  test('of equal findings closes the one whose line is gone', () => {
    const same = { contentKey: 'same' }
    const existing = [10, 20, 30].map((line, index) =>
      stored(`at-${line}`, seen(index, same), { line, contentIndex: index }),
    )
    const plan = match(existing, [seen(0, { ...same, line: 20 }), seen(1, { ...same, line: 30 })])
    expect(plan.items.map((item) => item.findingId)).toEqual(['at-20', 'at-30'])
    expect(plan.closed.map((finding) => finding.id)).toEqual(['at-10'])
  })

  test.each<[Status, boolean, boolean, string]>([
    ['identified', true, false, 'kept'],
    ['fixed', false, false, 'reopened'],
    ['fixed', true, false, 'reopened'],
    ['suppressed', true, false, 'reopened'],
    ['risk_accepted', true, false, 'kept'],
    ['awaiting_validation', true, false, 'kept'],
    ['identified', true, true, 'suppressed'],
    ['fixed', false, true, 'suppressed'],
  ])(
    'a finding of status %s (active: %s) seen again (suppressed: %s) is %s',
    (status, active, isSuppressed, outcome) => {
      const plan = match([stored('one', seen(0), { status, active })], [seen(0, { isSuppressed })])
      expect(plan.items[0]?.outcome).toBe(outcome)
      expect(plan.items[0]?.isActive).toBe(active || !isSuppressed)
    },
  )
})

/** Texts by their content key: two of them are nearly the same. */
const sketches: Record<string, string | null> = { c1: 'aaabbbccc', c2: 'aaabbbddd', c3: null, c4: 'eeefff' }
const bare = fc.record({
  kind: fc.constant('code' as const),
  scanner: fc.constantFrom('Lantern', 'Beacon'),
  ruleId: fc.constant('rule'),
  path: fc.constantFrom('src/a.ts', 'lib/a.ts', 'src/b.ts', null),
  isAdvisory: fc.boolean(),
  toolKey: fc.option(fc.constantFrom('t1', 't2', 't3'), { nil: null }),
  contentKey: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
  line: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  column: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  isSuppressed: fc.boolean(),
  bodyHash: fc.constantFrom('b1', 'b2', 'b3'),
})
const identity = bare.map(({ isAdvisory, ...one }) => ({
  ...one,
  placeKey: one.path === null ? null : `${one.path} ${isAdvisory}`,
  movedKey: `${one.contentKey < 'c3' ? 'a' : 'f'} ${one.contentKey} ${isAdvisory}`,
  packageKey: null,
  sketch: isAdvisory ? null : (sketches[one.contentKey] ?? null),
  names: isAdvisory ? [one.contentKey < 'c3' ? 'CVE-2026-0001' : 'CVE-2026-0002', one.contentKey] : [],
}))
const report = fc
  .array(identity, { maxLength: 25 })
  .map((items) => items.map((item, position) => ({ ...item, position })))
const existing = fc
  .array(
    fc.tuple(
      identity,
      fc.boolean(),
      fc.constantFrom<Status>('identified', 'fixed', 'suppressed', 'risk_accepted'),
      fc.integer({ min: 0, max: 3 }),
    ),
    { maxLength: 25 },
  )
  .map((rows) =>
    rows.map(([item, active, status, contentIndex], index) =>
      stored(`f${index}`, { ...item, position: index }, { active, status, contentIndex }),
    ),
  )

describe('laws of matching', () => {
  test('each result becomes one item, and each stored finding is matched, left unseen or was gone, once', () => {
    fc.assert(
      fc.property(existing, report, (known, results) => {
        const plan = match(known, results, ['Lantern', 'Beacon'])
        expect(plan.items.map((item) => item.position)).toEqual(results.map((item) => item.position))
        const matched = plan.items.flatMap((item) => item.findingId ?? [])
        expect(new Set(matched).size).toBe(matched.length)
        const closed = plan.closed.map((finding) => finding.id)
        expect(new Set([...matched, ...closed]).size).toBe(matched.length + closed.length)
        const active = known.filter((finding) => finding.active).map((finding) => finding.id)
        expect(active.every((id) => matched.includes(id) || closed.includes(id))).toBe(true)
      }),
    )
  })

  test('two results at one place under one tool key are told apart by their content, whatever their order', () => {
    const known = [stored('f0', { ...seen(0), toolKey: 't1', contentKey: 'c1' }, { active: false })]
    const one = { ...seen(0), toolKey: 't1', contentKey: 'c3', line: 1, column: 1 }
    const other = { ...seen(1), toolKey: 't1', contentKey: 'c1', line: 1, column: 1 }
    const contentOfMatch = (results: ReportIdentity[]) => {
      const report = results.map((item, position) => ({ ...item, position }))
      const item = match(known, report, ['Lantern']).items.find((found) => found.findingId === 'f0')
      return report[item?.position ?? -1]?.contentKey
    }
    expect([contentOfMatch([one, other]), contentOfMatch([other, one])]).toEqual(['c1', 'c1'])
  })

  test('the order of the report and of the store changes nothing', () => {
    fc.assert(
      fc.property(existing, report, fc.infiniteStream(fc.nat()), (known, results, dice) => {
        const shuffle = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, at: dice.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ item }) => item)
        const tell = (plan: ReturnType<typeof match>, of: readonly ReportIdentity[]) => ({
          closed: plan.closed.map((finding) => finding.id).toSorted(),
          items: plan.items
            .map((item) => {
              const { position: _position, ...result } = of.find((one) => one.position === item.position) ?? seen(0)
              return JSON.stringify([result, item.findingId, item.outcome, item.step])
            })
            .toSorted(),
        })
        const shuffled = shuffle(results).map((item, position) => ({ ...item, position }))
        expect(tell(match(shuffle(known), shuffled), shuffled)).toEqual(tell(match(known, results), results))
      }),
    )
  })

  test('what a report made is kept, unchanged and in its place, when the same report comes again', () => {
    fc.assert(
      fc.property(report, (results) => {
        const first = match([], results, ['Lantern', 'Beacon'])
        expect(first.items.every((item) => item.findingId === null)).toBe(true)
        const made = results.map((item, index) =>
          stored(`f${index}`, item, {
            contentIndex: first.items[index]?.contentIndex ?? 0,
            status: item.isSuppressed ? 'suppressed' : 'identified',
          }),
        )
        const again = match(made, results, ['Lantern', 'Beacon'])
        expect(again.closed).toEqual([])
        expect(again.items.every((item) => item.findingId !== null && !item.isChanged)).toBe(true)
        expect(new Set(again.items.map((item) => item.findingId)).size).toBe(results.length)
      }),
    )
  })

  test('equal findings stay apart: as many are kept as there were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (before, after) => {
        const same = (position: number) => seen(position, { contentKey: 'same', bodyHash: 'same', line: null })
        const known = Array.from({ length: before }, (_, index) =>
          stored(`f${index}`, same(index), { contentIndex: index }),
        )
        const plan = match(
          known,
          Array.from({ length: after }, (_, index) => same(index)),
        )
        expect(plan.items.filter((item) => item.outcome === 'kept')).toHaveLength(Math.min(before, after))
        expect(plan.items.filter((item) => item.outcome === 'new')).toHaveLength(Math.max(0, after - before))
        expect(plan.closed).toHaveLength(Math.max(0, before - after))
      }),
    )
  })
})
