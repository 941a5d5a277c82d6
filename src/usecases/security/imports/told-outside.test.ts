import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { outgoingEventTypes } from '../../../domain/outgoing/outgoing-event.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { announceDeadlines } from '../deadlines/announce-deadlines.ts'
import { updateServiceLevels } from '../deadlines/service-levels.ts'
import { defaultSlaSettings } from '../deadlines/sla-rules.ts'
import { bodyOf, createImportFixture, sarifOf } from './import.fixture.ts'
import { importReport } from './import-report.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())

type House = Awaited<ReturnType<typeof createImportFixture>>

/** A webhook that wants everything; nothing is sent here. */
async function addWebhook({ db, deps, organizationId }: House): Promise<void> {
  const row = { organization_id: organizationId, id: deps.newId(), name: 'Receiver', kind: 'standard' as const }
  const sealed = { address: 'https://receiver.example', sealed_url: 'sealed', sealed_secret: 'sealed' }
  const told = { events: [...outgoingEventTypes], state: 'active' as const, created_at: new Date() }
  await db
    .insertInto('outgoing_webhook')
    .values({ ...row, ...sealed, ...told })
    .execute()
}

async function toldBy({ db, organizationId }: House) {
  const rows = await db
    .selectFrom('outgoing_delivery')
    .select(['event_type', 'event_id', 'payload'])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('event_id')
    .execute()
  return rows.map(({ event_type: type, event_id: id, payload }) => ({ type, id, payload: JSON.parse(payload) }))
}

const take = ({ deps, organizationId, actor }: House, lines: readonly number[], isDryRun = false) => {
  const results = lines.map((line) => ({ line, file: `src/door-${line}.ts`, snippet: `open(${line})` }))
  const body = bodyOf(sarifOf(results))
  const mode = isDryRun ? { preview: true } : {}
  return importReport(deps, { organizationId, actor, asset: 'quay', fileName: 'scan.sarif', body, ...mode })
}

test('an import tells of itself, of what is new and of what is fixed; a preview of nothing', async () => {
  const house = await createImportFixture(open)
  await addWebhook(house)
  await take(house, [1, 2, 3], true)
  expect(await toldBy(house)).toEqual([])
  const first = await take(house, [1, 2, 3])
  const told = await toldBy(house)
  expect(told.map(({ type }) => type).toSorted()).toEqual(['import.applied', ...Array(3).fill('vulnerability.created')])
  const applied = told.find(({ type }) => type === 'import.applied')
  expect(applied).toMatchObject({
    id: first.id,
    payload: {
      type: 'import.applied',
      timestamp: expect.stringMatching(/^2027-03-01T08:\d\d:\d\d\.000Z$/),
      data: { import: { file_name: 'scan.sarif', branch: 'main', counts: { new: 3 }, asset: { key: 'quay' } } },
    },
  })
  await take(house, [1, 2])
  const later = (await toldBy(house)).slice(told.length)
  expect(later.map(({ type }) => type).toSorted()).toEqual(['import.applied', 'vulnerability.status_changed'])
  expect(later.find(({ type }) => type !== 'import.applied')?.payload.data).toMatchObject({
    before: { status: 'identified' },
    after: { status: 'fixed' },
    actor: { kind: 'scan' },
  })
})

test('what was told stays told when the import is undone and its vulnerabilities are gone', async () => {
  const house = await createImportFixture(open)
  await addWebhook(house)
  const { id: importId } = await take(house, [7])
  const told = await toldBy(house)
  await undoImport(house.deps, { organizationId: house.organizationId, actor: house.actor, importId })
  expect(await toldBy(house)).toEqual(told)
})

test('a deadline that passes is told once', async () => {
  const house = await createImportFixture(open)
  const { deps, organizationId, actor } = house
  const audit = { ...actor, ipAddress: null }
  await updateServiceLevels(deps, { organizationId, actor: audit, settings: defaultSlaSettings })
  await take(house, [9])
  await addWebhook(house)
  deps.clock = () => new Date('2029-03-01T08:00:00Z')
  await announceDeadlines(deps)
  await announceDeadlines(deps)
  const crossings = (await toldBy(house)).map(({ type, payload }) => [type, payload.data.after.deadline])
  expect(crossings.at(-1)).toEqual(['deadline.crossed', 'breached'])
  expect(crossings.filter(([, deadline]) => deadline === 'breached')).toHaveLength(1)
})
