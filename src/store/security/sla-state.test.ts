import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { businessImpacts } from '../../domain/business-impact.ts'
import { severities } from '../../domain/severity.ts'
import { judgeSla, type SlaRules, type SlaSubject } from '../../domain/sla/judge-sla.ts'
import { openSlaClock, type SlaCalendar } from '../../domain/sla/sla-clock.ts'
import { defaultSlaTable } from '../../domain/sla/sla-table.ts'
import { toStoredDeadline } from '../../domain/sla/stored-deadline.ts'
import { statuses } from '../../domain/status.ts'
import { createNewId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../db.ts'
import { isSlaLate, liveStates, slaState, whereLiveState } from './sla-state.ts'

let open: OpenDatabase
const newId = createNewId()
const [withLevels, without] = [newId(), newId()]

beforeAll(async () => {
  open = await createTestDatabase()
  for (const id of [withLevels, without])
    await open.db.insertInto('organization').values({ organization_id: id, name: 'Harbour' }).execute()
  await open.db.insertInto('organization_settings').values({ organization_id: withLevels, sla: '{}' }).execute()
})
afterAll(async () => {
  await open.close()
})

const calendars: SlaCalendar[] = [
  { kind: 'elapsed' },
  { kind: 'working_days', timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5], holidays: ['2027-03-26'] },
]
const hour = 3600_000
const start = new Date('2027-03-01T10:00:00Z').getTime()
const oneDay = { high: 1, medium: 1, low: 1 }

/** A life: accepted and taken up again some times, then what it is at the end; looked at after all of that. */
const life = fc
  .record({
    severity: fc.constantFrom(...severities),
    businessImpact: fc.constantFrom(...businessImpacts),
    status: fc.constantFrom(...statuses),
    calendar: fc.constantFrom(...calendars),
    isShort: fc.boolean(),
    isPausing: fc.boolean(),
    steps: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 5 }),
    wait: fc.nat(1500),
  })
  .map(({ steps, wait, calendar, isShort, isPausing, ...rest }) => {
    const at = steps.map(
      (_, end) => new Date(start + steps.slice(0, end + 1).reduce((sum, one) => sum + one, 0) * hour),
    )
    const last = at.at(-1) ?? new Date(start)
    const isOpen = rest.status === 'risk_accepted'
    const ends = isOpen ? at.slice(0, at.length - ((at.length + 1) % 2)) : at.slice(0, at.length - (at.length % 2))
    const accepted = ends.flatMap((from, index) => (index % 2 === 0 ? [{ from, to: ends[index + 1] ?? null }] : []))
    const spans = isOpen && accepted.every(({ to }) => to !== null) ? [...accepted, { from: last, to: null }] : accepted
    const fixedAt = rest.status === 'fixed' ? last : null
    const subject: SlaSubject = { ...rest, createdAt: new Date(start), fixedAt, accepted: spans }
    const table = isShort ? { ...defaultSlaTable, low: oneDay } : defaultSlaTable
    const rules: SlaRules = { table, clock: openSlaClock(calendar), pausesWhileAccepted: isPausing }
    return { subject, rules, now: new Date(last.getTime() + wait * hour) }
  })

test('the state the database says is the one the rules say', async () => {
  const lives = fc.sample(life, 1500)
  const rows = lives.map(({ subject, rules, now }, id) => {
    const stored = toStoredDeadline(subject, rules)
    const deadline = { due_at: stored?.dueAt, approaches_at: stored?.approachesAt, sla_paused_at: stored?.pausedAt }
    return { id, status: subject.status, fixed_at: subject.fixedAt, now, ...deadline }
  })
  const ask = async (organizationId: string) => {
    // Each row is looked at in its own moment: that of the expression is the same for all rows of a statement.
    const moment = new Date(start + 9000 * hour)
    const scope = { organizationId, now: moment }
    const live = liveStates.map(
      (state) => sql`case when ${sql.join(whereLiveState(scope, [state]), sql` and `)} then ${state}::text end`,
    )
    const found = await sql<{ id: number; state: string; late: boolean; live: string[] }>`
      select v.id, ${slaState(scope)} as state, ${isSlaLate(scope)} as late,
        case when v.status in ('fixed', 'false_positive', 'suppressed') then '{}' else array_remove(array[${sql.join(live)}], null) end as live from (
        select r.id, r.status, r.fixed_at + gap as fixed_at, r.due_at + gap as due_at, r.approaches_at + gap as approaches_at,
          r.sla_paused_at + gap as sla_paused_at
        from json_to_recordset(${JSON.stringify(rows)}::json) as r(id integer, status text, fixed_at timestamptz, now timestamptz,
          due_at timestamptz, approaches_at timestamptz, sla_paused_at timestamptz)
        cross join lateral (select ${moment}::timestamptz - r.now as gap) g) v
      order by v.id`.execute(open.db)
    return found.rows
  }
  const wanted = lives.map(({ subject, rules, now }) => judgeSla(subject, rules, now))
  expect(new Set(wanted.map((verdict) => verdict.state)).size).toBe(5)
  expect(await ask(withLevels)).toEqual(
    wanted.map((verdict, id) => ({
      id,
      state: verdict.state,
      late: verdict.state === 'breached' || (verdict.state === 'resolved' && verdict.isLate),
      live: liveStates.filter((state) => state === verdict.state),
    })),
  )
  expect(new Set((await ask(without)).map((row) => row.state))).toEqual(new Set(['not_set']))
})
