import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { ReportFinding } from '../../../scanners/scanner.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { applyMoves } from '../vulnerabilities/apply-move.ts'
import { createImportFixture } from './import.fixture.ts'
import { listImportItems } from './list-import-items.ts'
import { advisory, door, takeFindings } from './take-findings.fixture.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createImportFixture(open)
})

const take = async (scanner: string, findings: readonly ReportFinding[]) => takeFindings(house, scanner, findings)
const rows = async () =>
  house.db
    .selectFrom('vulnerability')
    .select(['id', 'number', 'status'])
    .where('organization_id', '=', house.organizationId)
    .orderBy('number')
    .execute()
const statuses = async () => (await rows()).map(({ number, status }) => `${number} ${status}`)
const decide = async (to: 'false_positive' | 'risk_accepted') => {
  const { organizationId, actor } = house
  const [first] = await rows()
  const move = { vulnerabilityId: first?.id ?? '', to, reason: 'Nobody comes by', acceptedUntil: '2027-12-01' }
  await house.db
    .transaction()
    .execute((tx) => applyMoves(house.deps, tx, { organizationId, moves: [move], actor, moveActor: 'champion' }))
}
const detailsOf = async (importId: string) => {
  const { organizationId } = house
  const { items } = await listImportItems(house.deps, { organizationId, importId, query: {} })
  return items.map(({ outcome, detail }) => `${outcome}: ${detail}`)
}

const rest = door('Lantern', 500, { ruleId: 'another' })
const both = ['false_positive', 'risk_accepted'] as const

test.each(both)('%s holds while a scan sees the finding, when it went, and when it comes back', async (to) => {
  const one = door('Lantern', 10)
  await take('Lantern', [one, rest])
  await decide(to)
  expect((await take('Lantern', [one, rest])).counts).toMatchObject({ kept: 2, reopened: 0 })
  await take('Lantern', [rest])
  expect(await statuses()).toEqual([`1 ${to}`, '2 identified'])
  const back = await take('Lantern', [one, rest])
  expect(back.counts).toMatchObject({ kept: 2, reopened: 0, new: 0 })
  const words = to === 'false_positive' ? 'stays a false positive' : 'its risk stays accepted'
  expect((await detailsOf(back.id))[0]).toBe(`kept: src/door.ts:10 · ${words}`)
  expect(await statuses()).toEqual([`1 ${to}`, '2 identified'])
})

test.each([
  ['to another line', { startLine: 77 }],
  ['to another file', { path: 'lib/gate/door.ts' }],
  ['in other words', { title: 'The door is not shut', message: 'Shut it.' }],
])('a false positive that went and comes back moved %s is one still', async (_, more) => {
  const telling = { snippet: 'harbour.gate.openFor(everybody, { without: "a key" })' }
  await take('Lantern', [door('Lantern', 10, telling), rest])
  await decide('false_positive')
  await take('Lantern', [rest])
  const back = await take('Lantern', [door('Lantern', 10, { ...telling, ...more }), rest])
  expect(back.counts).toMatchObject({ kept: 2, new: 0, reopened: 0 })
  expect(await statuses()).toEqual(['1 false_positive', '2 identified'])
})

test('a false positive that another scanner tells of stays one, also after the first one forgot it', async () => {
  await take('Lantern', [advisory('Lantern'), rest])
  await decide('false_positive')
  await take('Lantern', [rest])
  const told = advisory('Beacon', { ruleId: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2026-0001'] })
  const done = await take('Beacon', [told])
  expect(done.counts).toMatchObject({ merged: 1, new: 0, reopened: 0 })
  expect((await detailsOf(done.id))[0]).toContain('stays a false positive')
  expect(await statuses()).toEqual(['1 false_positive', '2 identified'])
})

test('what was decided of one finding says nothing of an equal one beside it', async () => {
  await take('Lantern', [door('Lantern', 10), rest])
  await decide('false_positive')
  const done = await take('Lantern', [
    door('Lantern', 10),
    door('Lantern', 12, { snippet: 'door10.open(everybody, 10)' }),
    rest,
  ])
  expect(done.counts).toMatchObject({ kept: 2, new: 1 })
  expect(await statuses()).toEqual(['1 false_positive', '2 identified', '3 identified'])
})
