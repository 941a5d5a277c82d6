import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Severity, severities } from '../severity.ts'
import { type GateLimit, type GateOverride, type GateRules, resolveGateRules } from './gate-rules.ts'
import {
  type GatedVulnerability,
  type GateInput,
  type GateVerdict,
  judgeGate,
  listOffenders,
  type Offender,
  warnsFrom,
} from './judge-gate.ts'

const dayMs = 86_400_000
const now = new Date('2027-03-31T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs)
const none: GateLimit = { mostOpen: null, mostAgeDays: null }
const noLimits: GateRules = { critical: none, high: none, medium: none, low: none, notification: none }

function open(severity: Severity, ageDays: number, id = `${severity} ${ageDays}`): GatedVulnerability {
  return { id, severity, createdAt: daysAgo(ageDays) }
}
const many = (count: number, severity: Severity = 'high') =>
  Array.from({ length: count }, (_, index) => open(severity, 0, `${index}`))

type Judged =
  | Extract<GateVerdict, { kind: 'could_not_decide' }>
  | (Omit<Exclude<GateVerdict, { kind: 'could_not_decide' }>, 'offenders'> & { offenders: Offender[] })

/** As the database hands it over: counted by severity, and the offenders' number apart from who they are. */
function judgeAll(rules: GateRules, found: readonly GatedVulnerability[], more: Partial<GateInput>, at = now): Judged {
  const from = warnsFrom(rules, at)
  const open = [...Map.groupBy(found, ({ severity }) => severity)].map(([severity, group]) => {
    const oldestAt = new Date(Math.min(...group.map(({ createdAt }) => createdAt.getTime())))
    const old = group.filter(({ createdAt }) => createdAt <= (from[severity] ?? new Date(0))).length
    return { severity, count: group.length, oldestAt, old }
  })
  const verdict = judgeGate({ rules, open, newestImportAt: now, mostImportAgeDays: null, ...more }, at)
  if (verdict.kind === 'could_not_decide') return verdict
  const offenders = listOffenders(found, verdict.checks, at)
  expect(offenders).toHaveLength(verdict.offenders)
  return { ...verdict, offenders }
}

function judge(limits: GateOverride, found: GatedVulnerability[], more: Partial<GateInput> = {}) {
  return judgeAll(resolveGateRules(noLimits, limits), found, more)
}

describe('a gate with a limit on', () => {
  test.each<[string, Partial<GateLimit>, GatedVulnerability[], string]>([
    ['none, and none', { mostOpen: 0 }, [], 'passed'],
    ['none, and one', { mostOpen: 0 }, many(1), 'failed'],
    ['one, and one', { mostOpen: 1 }, many(1), 'warning'],
    ['ten, and seven', { mostOpen: 10 }, many(7), 'passed'],
    ['ten, and eight', { mostOpen: 10 }, many(8), 'warning'],
    ['ten, and ten', { mostOpen: 10 }, many(10), 'warning'],
    ['ten, and eleven', { mostOpen: 10 }, many(11), 'failed'],
    ['none, but of another severity', { mostOpen: 0 }, many(9, 'critical'), 'passed'],
    ['30 days, just under 24', { mostAgeDays: 30 }, [open('high', 23.999)], 'passed'],
    ['30 days, 24', { mostAgeDays: 30 }, [open('high', 24)], 'warning'],
    ['30 days, just under', { mostAgeDays: 30 }, [open('high', 29.999)], 'warning'],
    ['30 days, 30', { mostAgeDays: 30 }, [open('high', 30)], 'failed'],
    ['30 days, made a moment from now', { mostAgeDays: 30 }, [open('high', -0.01)], 'passed'],
    ['30 days, nothing', { mostAgeDays: 30 }, [], 'passed'],
    ['nothing', {}, many(500), 'passed'],
  ])('%s', (_, high, found, wanted) => expect(judge({ high }, found).kind).toBe(wanted))
})

test('each limit is a line, and what breaks one comes before what comes near one, the worst first', () => {
  const limits: GateOverride = {
    critical: { mostOpen: 2, mostAgeDays: 10 },
    high: { mostOpen: 1, mostAgeDays: 20 },
    low: { mostOpen: 5 },
  }
  const found = [open('low', 90), open('high', 5), open('high', 21), open('critical', 1), open('critical', 9)]
  expect(judge(limits, found)).toEqual({
    kind: 'failed',
    checks: [
      { severity: 'critical', limit: 'most_open', most: 2, actual: 2, level: 'warning' },
      { severity: 'critical', limit: 'most_age_days', most: 10, actual: 9, level: 'warning' },
      { severity: 'high', limit: 'most_open', most: 1, actual: 2, level: 'failed' },
      { severity: 'high', limit: 'most_age_days', most: 20, actual: 21, level: 'failed' },
      { severity: 'low', limit: 'most_open', most: 5, actual: 1, level: 'passed' },
    ],
    offenders: [
      { id: 'high 21', severity: 'high', ageDays: 21, level: 'failed', limits: ['most_open', 'most_age_days'] },
      { id: 'high 5', severity: 'high', ageDays: 5, level: 'failed', limits: ['most_open'] },
      { id: 'critical 9', severity: 'critical', ageDays: 9, level: 'warning', limits: ['most_open', 'most_age_days'] },
      { id: 'critical 1', severity: 'critical', ageDays: 1, level: 'warning', limits: ['most_open'] },
    ],
  })
})

test('who stands in the way is listed with what they break, not with what they come near, and is not younger than now', () => {
  const verdict = judge({ high: { mostOpen: 0, mostAgeDays: 10 } }, [open('high', -2), open('high', 9)])
  expect(verdict).toMatchObject({
    offenders: [
      { id: 'high 9', ageDays: 9, level: 'failed', limits: ['most_open'] },
      { id: 'high -2', ageDays: 0, level: 'failed', limits: ['most_open'] },
    ],
  })
})

describe('a gate cannot decide', () => {
  test('without a report of the branch', () => {
    expect(judge({}, [], { newestImportAt: null })).toMatchObject({ kind: 'could_not_decide', why: 'no_import' })
  })

  test.each([
    [6.999, 'passed'],
    [7, 'could_not_decide'],
  ])('by a report %f days old, of 7', (age, wanted) => {
    const verdict = judge({}, [], { newestImportAt: daysAgo(age), mostImportAgeDays: 7 })
    expect(verdict.kind).toBe(wanted)
    if (verdict.kind === 'could_not_decide') expect(verdict.reason).toMatch(/applied 7 days ago, and from 7 days on/)
  })

  test('but it can by an old one where nobody minds', () => {
    expect(judge({ high: { mostOpen: 0 } }, many(1), { newestImportAt: daysAgo(900) }).kind).toBe('failed')
  })
})

test('an asset overrides only what it names, and can lift a limit', () => {
  const rules = { ...noLimits, critical: { mostOpen: 0, mostAgeDays: 7 }, high: { mostOpen: 5, mostAgeDays: 30 } }
  expect(resolveGateRules(rules, { critical: { mostOpen: 2 }, high: { mostAgeDays: null } })).toEqual({
    ...noLimits,
    critical: { mostOpen: 2, mostAgeDays: 7 },
    high: { mostOpen: 5, mostAgeDays: null },
  })
  expect(resolveGateRules(rules, {})).toEqual(rules)
})

const limit = fc.record({
  mostOpen: fc.option(fc.nat(6), { nil: null }),
  mostAgeDays: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
})
const rules = fc.record({ critical: limit, high: limit, medium: limit, low: limit, notification: limit })
const found = fc.array(
  fc
    .record({
      severity: fc.constantFrom(...severities),
      age: fc.double({ min: 0, max: 80, noNaN: true }),
      id: fc.uuid(),
    })
    .map(({ severity, age, id }) => open(severity, age, id)),
  { maxLength: 20 },
)
const gravity = (kind: string) => ['passed', 'warning', 'failed'].indexOf(kind)

describe('a gate', () => {
  test('is as bad as its worst line, and fails exactly when somebody stands in the way', () => {
    fc.assert(
      fc.property(rules, found, (rules, open) => {
        const verdict = judgeAll(rules, open, { mostImportAgeDays: 1 })
        if (verdict.kind === 'could_not_decide') throw new Error('It could decide.')
        const worst = (some: readonly { level: string }[]) => Math.max(0, ...some.map(({ level }) => gravity(level)))
        expect(worst(verdict.checks)).toBe(gravity(verdict.kind))
        expect(worst(verdict.offenders)).toBe(gravity(verdict.kind))
        const order = verdict.offenders.map((one) => [
          -gravity(one.level),
          severities.indexOf(one.severity),
          -one.ageDays,
        ])
        expect(order).toEqual(order.toSorted((a, b) => a.map((n, i) => n - (b[i] ?? 0)).find((n) => n !== 0) ?? 0))
      }),
    )
  })

  test('never gets better by one more, by time, or by a tighter limit', () => {
    fc.assert(
      fc.property(rules, found, fc.constantFrom(...severities), (rules, open, severity) => {
        const at = (by: GateRules, found: GatedVulnerability[], when = now) =>
          gravity(judgeAll(by, found, {}, when).kind)
        const before = at(rules, open)
        const more = [...open, { id: 'one more', severity, createdAt: now }]
        expect(at(rules, more)).toBeGreaterThanOrEqual(before)
        expect(at(rules, open, new Date(now.getTime() + 5 * dayMs))).toBeGreaterThanOrEqual(before)
        const { mostOpen, mostAgeDays } = rules[severity]
        const tighter = {
          mostOpen: mostOpen === null ? 6 : Math.max(0, mostOpen - 1),
          mostAgeDays: mostAgeDays === null ? 60 : Math.max(1, mostAgeDays - 1),
        }
        expect(at({ ...rules, [severity]: tighter }, open)).toBeGreaterThanOrEqual(before)
      }),
    )
  })
})
