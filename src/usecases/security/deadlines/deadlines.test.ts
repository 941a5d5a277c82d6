import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { updateAsset } from '../assets.ts'
import { getOverview } from '../get-overview.ts'
import { bodyOf, createImportFixture, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { undoImport } from '../imports/undo-import.ts'
import { applyMoves } from '../vulnerabilities/apply-move.ts'
import { getVulnerability } from '../vulnerabilities/get-vulnerability.ts'
import { updateVulnerability } from '../vulnerabilities/update-vulnerability.ts'
import { announceAcceptances } from './announce-acceptances.ts'
import { announceDeadlines } from './announce-deadlines.ts'
import { getServiceLevels, updateServiceLevels } from './service-levels.ts'
import { defaultSlaSettings } from './sla-rules.ts'
import { tryServiceLevels } from './try-service-levels.ts'
import { walkDeadlines } from './walk-deadlines.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
let time: Date

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  // Rounds go over every organization: those of the tests before have nothing more to be told.
  await open.db.deleteFrom('organization_settings').execute()
  house = await createImportFixture(open)
  time = new Date('2027-03-01T08:00:00Z')
  house.deps.clock = () => time
})

const day = 24 * 3600_000
const later = (days: number) => {
  time = new Date(time.getTime() + days * day)
}
const audit = () => ({ ...house.actor, ipAddress: null })
const set = async (settings: SlaSettings | null) => {
  const { organizationId } = house
  const after = await updateServiceLevels(house.deps, { organizationId, actor: audit(), settings })
  await walkDeadlines(house.deps, { organizationId })
  return after
}
const bring = (results: Parameters<typeof sarifOf>[0]) =>
  importReport(house.deps, {
    organizationId: house.organizationId,
    actor: house.actor,
    asset: 'quay',
    branch: 'main',
    scope: 'full',
    body: bodyOf(sarifOf(results)),
  })
const rows = () =>
  house.db
    .selectFrom('vulnerability')
    .selectAll()
    .where('organization_id', '=', house.organizationId)
    .orderBy('number')
    .execute()
const only = async () => {
  const [row] = await rows()
  if (row === undefined) throw new Error('There is no vulnerability.')
  return row
}
const look = async () => {
  const { id } = await only()
  const viewer = { memberId: house.memberId, role: 'champion' as const }
  return (await getVulnerability(house.deps, { organizationId: house.organizationId, id, viewer })).sla
}
const move = async (to: 'risk_accepted' | 'identified' | 'fixed' | 'false_positive', acceptedUntil?: string) => {
  const { id: vulnerabilityId } = await only()
  const moves = [
    { vulnerabilityId, to, reason: `because of ${acceptedUntil ?? to}`, acceptedUntil: acceptedUntil ?? null },
  ]
  const { organizationId, actor } = house
  const done = await house.db
    .transaction()
    .execute((tx) => applyMoves(house.deps, tx, { organizationId, moves, actor, moveActor: 'champion' }))
  return done[0]?.outcome.kind
}
const calls = async () =>
  (
    await house.db
      .selectFrom('notification')
      .select(['kind', 'vulnerability_count', 'member_id'])
      .where('organization_id', '=', house.organizationId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  ).map((row) => (row.vulnerability_count === null ? row.kind : `${row.kind} ×${row.vulnerability_count}`))
const announceAll = async () => {
  await announceAcceptances(house.deps)
  await announceDeadlines(house.deps)
}

describe('a deadline', () => {
  test('is set at import by severity and business impact, and not before there are levels', async () => {
    await bring([{ level: 'error' }])
    expect(await look()).toEqual({ state: 'not_set', due_at: null, days: null, is_paused: false, is_late: false })
    await set(defaultSlaSettings)
    expect(await look()).toMatchObject({ state: 'on_track', days: 30, due_at: '2027-03-31T08:00:00.000Z' })
    later(1)
    await bring([{ level: 'error' }, { level: 'warning', file: 'src/b.ts' }, { level: 'note', file: 'src/c.ts' }])
    expect((await rows()).map((row) => [row.severity, row.sla_days, row.due_at?.toISOString().slice(0, 10)])).toEqual([
      ['high', 30, '2027-03-31'],
      ['medium', 90, '2027-05-31'],
      ['low', 180, '2027-08-29'],
    ])
    await set(null)
    expect(await only()).toMatchObject({ due_at: null, approaches_at: null, sla_days: null })
  })

  test('follows the severity, by a scan, a person and an undo', async () => {
    await set(defaultSlaSettings)
    await bring([{ level: 'error' }])
    const second = await bring([{ level: 'warning' }])
    expect(await look()).toMatchObject({ days: 90 })
    await undoImport(house.deps, { organizationId: house.organizationId, importId: second.id, actor: house.actor })
    expect(await look()).toMatchObject({ days: 30 })
    const viewer = { memberId: house.memberId, role: 'champion' as const }
    const { id } = await only()
    const edit = { organizationId: house.organizationId, id, viewer, actor: house.actor, reason: 'Reachable' }
    await updateVulnerability(house.deps, { ...edit, severity: 'critical', severity_reason: 'Reachable' })
    expect(await look()).toMatchObject({ days: 15, due_at: '2027-03-16T08:00:00.000Z' })
  })

  test('follows the business impact of its asset', async () => {
    await set(defaultSlaSettings)
    await bring([{ level: 'error' }])
    const { organizationId, assetId: id } = house
    await updateAsset(house.deps, { organizationId, actor: audit(), id, business_impact: 'high' })
    expect(house.jobs.filter((job) => job.name === 'set-deadlines')).toHaveLength(2)
    await walkDeadlines(house.deps, { organizationId })
    expect(await look()).toMatchObject({ days: 15 })
    await updateAsset(house.deps, { organizationId, actor: audit(), id, business_impact: 'high', name: 'Quay' })
    expect(house.jobs.filter((job) => job.name === 'set-deadlines')).toHaveLength(2)
  })

  test('stands still while the risk is accepted, and goes on by as much later', async () => {
    await set(defaultSlaSettings)
    await bring([{ level: 'error' }])
    later(10)
    await move('risk_accepted', '2028-01-01')
    later(100)
    expect(await look()).toMatchObject({ state: 'on_track', is_paused: true, due_at: null })
    await move('identified')
    expect(await look()).toMatchObject({ state: 'on_track', is_paused: false, due_at: '2027-07-09T08:00:00.000Z' })
    await set({ ...defaultSlaSettings, pauses_while_accepted: false })
    expect(await look()).toMatchObject({ state: 'breached', due_at: '2027-03-31T08:00:00.000Z', is_late: true })
    await set(defaultSlaSettings)
    expect(await look()).toMatchObject({ state: 'on_track', due_at: '2027-07-09T08:00:00.000Z' })
    await move('fixed')
    expect(await look()).toMatchObject({ state: 'resolved', is_late: false })
  })

  test('is a midnight of the organization by working days', async () => {
    const calendar = {
      kind: 'working_days' as const,
      time_zone: 'Europe/Berlin',
      working_days: [1, 2, 3, 4, 5] as const,
      holidays: ['2027-03-26'],
    }
    await bring([{ level: 'error' }])
    await set({ ...defaultSlaSettings, calendar: { ...calendar, working_days: [...calendar.working_days] } })
    expect(await look()).toMatchObject({ days: 30, due_at: '2027-04-13T22:00:00.000Z' })
  })
})

describe('changed levels', () => {
  test('are told beforehand by what they would do', async () => {
    await bring([{ level: 'error' }, { level: 'warning', file: 'src/b.ts' }, { level: 'note', file: 'src/c.ts' }])
    later(40)
    const { organizationId } = house
    const ask = (settings: SlaSettings | null) => tryServiceLevels(house.deps, { organizationId, settings })
    const wanted = { open: 3, with_deadline: 3, moved: 3, breached: 1, breached_at_once: 1 }
    expect(await ask(defaultSlaSettings)).toEqual(wanted)
    await set(defaultSlaSettings)
    expect(await ask(defaultSlaSettings)).toEqual({ ...wanted, moved: 0, breached_at_once: 0 })
    const { levels } = defaultSlaSettings
    const stricter = { ...defaultSlaSettings, levels: { ...levels, medium: { ...levels.medium, medium: 10 } } }
    expect(await ask(stricter)).toEqual({ ...wanted, moved: 1, breached: 2, breached_at_once: 1 })
    const calendar = {
      kind: 'working_days' as const,
      time_zone: 'UTC',
      working_days: [1, 2, 3, 4, 5, 6, 7].map((one) => one as 1),
      holidays: [],
    }
    expect(await ask({ ...defaultSlaSettings, calendar })).toEqual({ ...wanted, moved: 3, breached_at_once: 0 })
    expect(await ask(null)).toMatchObject({ with_deadline: 0, moved: 3 })
  })

  test('are audited before and after, and the same again is no change', async () => {
    await set(defaultSlaSettings)
    await set(defaultSlaSettings)
    const found = await house.db
      .selectFrom('audit_event')
      .select(['before', 'after'])
      .where('organization_id', '=', house.organizationId)
      .where('action', '=', 'service_levels.changed')
      .execute()
    expect(found).toEqual([{ before: { settings: null }, after: { settings: defaultSlaSettings } }])
  })

  test('with a calendar that is none are refused', async () => {
    const calendar = { kind: 'working_days' as const, time_zone: 'Quay', working_days: [], holidays: [] }
    await expect(set({ ...defaultSlaSettings, calendar })).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('reach every deadline, batch by batch, and say how far they are', async () => {
    const { organizationId, assetId } = house
    await sql`insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
        rule_id, status, opened_at, last_seen_at, created_at)
      select ${organizationId}::uuid, gen_random_uuid(), n, ${assetId}::uuid, 'main', 'Door', 'high', 'tool', 'Lantern', 'door',
        'identified', ${time}, ${time}, ${time} from generate_series(1, 6000) n`.execute(house.db)
    const before = await updateServiceLevels(house.deps, {
      organizationId,
      actor: audit(),
      settings: defaultSlaSettings,
    })
    expect(before.run).toMatchObject({ total: 6000, done: 0 })
    await walkDeadlines(house.deps, { organizationId })
    expect((await getServiceLevels(house.deps, { organizationId })).run).toBeNull()
    const found = await rows()
    expect(found.filter((row) => row.sla_days === 30)).toHaveLength(6000)
  })
})

describe('what comes near and passes', () => {
  test('is announced once each, however often one looks', async () => {
    await set(defaultSlaSettings)
    await bring([{ level: 'error' }])
    for (const days of [10, 12, 1, 5, 3, 10]) {
      later(days)
      await announceAll()
      await announceAll()
    }
    expect(await calls()).toEqual(['deadline_approaching', 'deadline_breached'])
    const { id } = await only()
    const told = await house.db
      .selectFrom('vulnerability_event')
      .select('after')
      .where('vulnerability_id', '=', id)
      .where('kind', '=', 'deadline')
      .orderBy('id')
      .execute()
    expect(told.map((row) => row.after)).toMatchObject([{ deadline: 'approaching' }, { deadline: 'breached' }])
  })

  test('is news again where the deadline moved out of reach, and after a fix', async () => {
    await set(defaultSlaSettings)
    await bring([{ level: 'error' }])
    later(31)
    await announceAll()
    const { levels } = defaultSlaSettings
    await set({ ...defaultSlaSettings, levels: { ...levels, high: { ...levels.high, medium: 60 } } })
    await announceAll()
    later(30)
    await announceAll()
    await move('fixed')
    await announceAll()
    await move('identified')
    later(1)
    await announceAll()
    expect(await calls()).toEqual(['deadline_breached', 'deadline_breached', 'deadline_breached'])
  })

  test('calls the assignee where there is one, and once where there are many', async () => {
    const { newId } = house.deps
    const member = { organization_id: house.organizationId, id: newId(), user_id: newId(), role: 'developer' as const }
    await house.db
      .insertInto('member')
      .values({ ...member, name: 'Sam Reed', email: 'sam@harbour.example' })
      .execute()
    await bring(Array.from({ length: 50 }, (_, at) => ({ level: at < 25 ? 'error' : 'warning', file: `src/${at}.ts` })))
    await house.db
      .updateTable('vulnerability')
      .set({ assignee_member_id: member.id })
      .where('organization_id', '=', house.organizationId)
      .where('number', '=', 1)
      .execute()
    later(40)
    await set(defaultSlaSettings)
    await announceAll()
    await announceAll()
    expect((await calls()).toSorted()).toEqual(['deadline_breached', 'deadline_breached ×24'])
    later(60)
    await announceAll()
    expect((await calls()).toSorted()).toEqual(['deadline_breached', 'deadline_breached ×49'])
  })

  test('does not keep an import from being undone', async () => {
    await set(defaultSlaSettings)
    const { id: importId } = await bring([{ level: 'error' }])
    later(40)
    await announceAll()
    await undoImport(house.deps, { organizationId: house.organizationId, importId, actor: house.actor })
    expect(await rows()).toEqual([])
  })
})

describe('an accepted risk', () => {
  test('is reminded of a week before and on the day, and is open again after it', async () => {
    await bring([{ level: 'error' }])
    await move('risk_accepted', '2027-03-31')
    for (const days of [22, 1, 1, 5, 1, 1]) {
      later(days)
      await announceAll()
      await announceAll()
    }
    expect(await calls()).toEqual(['acceptance_ending', 'acceptance_due', 'acceptance_ended'])
    const row = await only()
    expect(row).toMatchObject({
      status: 'identified',
      accepted_until: null,
      status_reason: 'The risk was accepted until 2027-03-31',
    })
  })

  test('that is accepted for longer is reminded of anew', async () => {
    await bring([{ level: 'error' }])
    await move('risk_accepted', '2027-03-10')
    later(3)
    await announceAll()
    expect(await move('risk_accepted', '2027-03-10')).toBe('unchanged')
    expect(await move('risk_accepted', '2027-06-01')).toBe('moved')
    for (const days of [80, 5, 3, 1, 1]) {
      later(days)
      await announceAll()
    }
    expect(await calls()).toEqual(['acceptance_ending', 'acceptance_ending', 'acceptance_due', 'acceptance_ended'])
  })

  test('that nobody looked after for long is open again, without reminders that are too late', async () => {
    await bring([{ level: 'error' }])
    await move('risk_accepted', '2027-03-31')
    later(200)
    await announceAll()
    expect(await calls()).toEqual(['acceptance_ended'])
  })

  test('ends by the dates of the organization', async () => {
    const calendar = {
      kind: 'working_days' as const,
      time_zone: 'Pacific/Auckland',
      working_days: [1 as const],
      holidays: [],
    }
    await set({ ...defaultSlaSettings, calendar })
    await bring([{ level: 'error' }])
    await move('risk_accepted', '2027-03-20')
    time = new Date('2027-03-20T10:59:00Z')
    await announceAll()
    expect(await only()).toMatchObject({ status: 'risk_accepted' })
    // It is midnight there.
    time = new Date('2027-03-20T11:00:00Z')
    await announceAll()
    expect(await only()).toMatchObject({ status: 'identified' })
  })
})

test('the first page counts deadlines of default branches alone, as all its figures', async () => {
  await set(defaultSlaSettings)
  await bring([{ line: 1 }])
  const { deps, organizationId, actor, memberId } = house
  const body = bodyOf(sarifOf([{ line: 1 }, { line: 2, rule: 'rusty-lock' }]))
  await importReport(deps, { organizationId, actor, asset: 'quay', branch: 'beside', scope: 'full', body })
  const { open: figures, deadlines } = await getOverview(deps, {
    organizationId,
    memberId,
    mayReadConnections: false,
  })
  expect(Object.values(deadlines ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1)
  expect(Object.values(figures).reduce((sum, count) => sum + count, 0)).toBe(1)
})
