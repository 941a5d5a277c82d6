import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { businessImpacts } from '../business-impact.ts'
import { severities } from '../severity.ts'
import { statuses } from '../status.ts'
import { judgeSla, type SlaRules, type SlaSubject } from './judge-sla.ts'
import { type Announced, listCrossings } from './list-crossings.ts'
import { openSlaClock } from './sla-clock.ts'
import { defaultSlaTable } from './sla-table.ts'

const at = (text: string) => new Date(`${text}Z`)
const rules: SlaRules = { table: defaultSlaTable, clock: openSlaClock({ kind: 'elapsed' }), pausesWhileAccepted: true }
/** Fifteen days: due on the 16th at 10:00, near from the 12th at 16:00 on. */
const subject: SlaSubject = {
  severity: 'critical',
  businessImpact: 'medium',
  status: 'identified',
  createdAt: at('2027-03-01T10:00'),
  fixedAt: null,
  accepted: [],
}
const judge = (now: string, more: Partial<SlaSubject> = {}, other: Partial<SlaRules> = {}) =>
  judgeSla({ ...subject, ...more }, { ...rules, ...other }, at(now))
const acceptedOn5th = { accepted: [{ from: at('2027-03-05T10:00'), to: null }], status: 'risk_accepted' as const }

describe('the state', () => {
  test.each<[string, string, Partial<SlaSubject>, string]>([
    ['of what is new', '2027-03-01T10:00', {}, 'on_track'],
    ['just before three quarters', '2027-03-12T15:59:59.999', {}, 'on_track'],
    ['at three quarters', '2027-03-12T16:00', {}, 'approaching'],
    ['just before the deadline', '2027-03-16T09:59:59.999', {}, 'approaching'],
    ['at the deadline', '2027-03-16T10:00', {}, 'breached'],
    ['while a developer waits for validation', '2027-03-16T10:00', { status: 'awaiting_validation' }, 'breached'],
    ['once its severity fell', '2027-03-16T10:00', { severity: 'high' }, 'on_track'],
    ['once its asset matters more', '2027-03-08T10:00', { businessImpact: 'high' }, 'breached'],
    ['of what is fixed', '2027-05-01T00:00', { status: 'fixed', fixedAt: at('2027-03-10T00:00') }, 'resolved'],
    ['of a false positive', '2027-05-01T00:00', { status: 'false_positive' }, 'not_tracked'],
    ['of what is suppressed', '2027-05-01T00:00', { status: 'suppressed' }, 'not_tracked'],
    ['without a level', '2027-05-01T00:00', { severity: 'notification' }, 'not_tracked'],
    ['while its risk is accepted', '2027-12-01T00:00', acceptedOn5th, 'on_track'],
  ])('%s', (_, now, more, wanted) => expect(judge(now, more).state).toBe(wanted))

  test('is not set as long as there is no table', () => {
    expect(judge('2027-03-01T10:00', {}, { table: null })).toEqual({ state: 'not_set' })
  })

  test('says why something is not tracked', () => {
    const why = (more: Partial<SlaSubject>) => judge('2027-03-02T00:00', more)
    expect(why({ severity: 'notification' })).toEqual({ state: 'not_tracked', why: 'no_level' })
    expect(why({ status: 'false_positive' })).toEqual({ state: 'not_tracked', why: 'false_positive' })
  })

  test('of what was fixed says whether that was late, whenever one asks', () => {
    const fixed = (fixedAt: string) => judge('2029-01-01T00:00', { status: 'fixed', fixedAt: at(fixedAt) })
    expect(fixed('2027-03-16T09:59:59.999')).toMatchObject({ state: 'resolved', isLate: false })
    expect(fixed('2027-03-16T10:00')).toMatchObject({ state: 'resolved', isLate: true })
  })
})

describe('while the risk is accepted', () => {
  test('the clock stands still, and the deadline moves along', () => {
    const paused = judge('2027-04-05T10:00', acceptedOn5th)
    expect(paused).toMatchObject({ state: 'on_track', isPaused: true, dueAt: at('2027-04-16T10:00') })
    const accepted = [{ from: at('2027-03-05T10:00'), to: at('2027-04-05T10:00') }]
    expect(judge('2027-04-05T10:00', { accepted })).toMatchObject({ isPaused: false, dueAt: at('2027-04-16T10:00') })
    expect(judge('2027-04-16T10:00', { accepted }).state).toBe('breached')
  })

  test('the clock runs where the organization wants that', () => {
    expect(judge('2027-03-16T10:00', acceptedOn5th, { pausesWhileAccepted: false })).toMatchObject({
      state: 'breached',
      isPaused: false,
    })
  })

  test('what is late stays late', () => {
    const accepted = [{ from: at('2027-03-17T10:00'), to: null }]
    expect(judge('2027-06-01T00:00', { accepted, status: 'risk_accepted' })).toMatchObject({
      state: 'breached',
      isPaused: true,
    })
  })
})

test('the table an organization starts with gives the worse less time, and what matters more too', () => {
  const days = severities.map((severity) => businessImpacts.map((impact) => defaultSlaTable[severity][impact]))
  const timed = days.slice(0, -1).map((row) => row.map((count) => count ?? 0))
  for (const row of timed) expect(row).toEqual([...new Set(row)].toSorted((a, b) => a - b))
  for (const [column] of businessImpacts.entries()) {
    const counts = timed.map((row) => row[column] ?? 0)
    expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b))
  }
  expect(days.at(-1)).toEqual([null, null, null])
})

test('the page states that table', () => {
  const page = readFileSync(new URL('../../../docs/service-levels.md', import.meta.url), 'utf8')
  const cells = (values: readonly (string | number | null)[]) =>
    `| ${values.map((value) => value ?? '–').join(' | ')} |`
  const rows = severities.map((severity) =>
    cells([severity, ...businessImpacts.map((impact) => defaultSlaTable[severity][impact])]),
  )
  const head = cells(['days', ...businessImpacts.map((impact) => `${impact} impact`)])
  expect(page).toContain([head, '|---|---|---|---|', ...rows].join('\n'))
})

describe('crossings', () => {
  const [near, due] = [at('2027-03-12T16:00'), at('2027-03-16T10:00')]
  test.each<[Announced, string, { kind: string; at: Date }[], Announced]>([
    ['none', '2027-03-02T00:00', [], 'none'],
    ['none', '2027-03-13T00:00', [{ kind: 'approaching', at: near }], 'approaching'],
    ['approaching', '2027-03-14T00:00', [], 'approaching'],
    ['approaching', '2027-03-17T00:00', [{ kind: 'breached', at: due }], 'breached'],
    [
      'none',
      '2027-09-01T00:00',
      [
        { kind: 'approaching', at: near },
        { kind: 'breached', at: due },
      ],
      'breached',
    ],
    ['breached', '2027-09-02T00:00', [], 'breached'],
    ['breached', '2027-03-13T00:00', [], 'approaching'],
    ['breached', '2027-03-02T00:00', [], 'none'],
  ])('after %s, seen at %s', (announced, now, crossings, next) => {
    expect(listCrossings(announced, judge(now))).toEqual({ crossings, announced: next })
  })

  test('of what is fixed are none, and are forgotten', () => {
    const fixed = judge('2027-09-01T00:00', { status: 'fixed', fixedAt: at('2027-08-01T00:00') })
    expect(listCrossings('breached', fixed)).toEqual({ crossings: [], announced: 'none' })
  })

  test('are the same however often one looks', () => {
    const hours = fc.array(fc.nat(24 * 40), { minLength: 1, maxLength: 12 })
    const status = fc.constantFrom(...statuses.filter((status) => status !== 'fixed'))
    fc.assert(
      fc.property(hours, status, (hours, status) => {
        const looks = hours
          .toSorted((a, b) => a - b)
          .map((hour) => new Date(subject.createdAt.getTime() + hour * 3600_000))
        const look = (moments: Date[]) => {
          let announced: Announced = 'none'
          return moments.flatMap((now) => {
            const seen = listCrossings(announced, judgeSla({ ...subject, status }, rules, now))
            announced = seen.announced
            return seen.crossings
          })
        }
        expect(look(looks)).toEqual(look(looks.slice(-1)))
      }),
    )
  })
})
