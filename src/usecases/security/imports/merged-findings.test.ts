import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { ReportFinding } from '../../../scanners/scanner.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture } from './import.fixture.ts'
import { advisory, takeFindings } from './take-findings.fixture.ts'
import { undoImport } from './undo-import.ts'

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

const vulnerabilities = async () => {
  const rows = await house.db
    .selectFrom('vulnerability as v')
    .innerJoin('finding as f', (join) =>
      join.onRef('f.organization_id', '=', 'v.organization_id').onRef('f.vulnerability_id', '=', 'v.id'),
    )
    .select(['v.number', 'v.title', 'v.status', 'f.scanner', 'f.active'])
    .where('v.organization_id', '=', house.organizationId)
    .orderBy('v.number')
    .orderBy('f.scanner')
    .execute()
  return rows.map((row) => `${row.number} ${row.status} ${row.scanner}${row.active ? '' : ' gone'}: ${row.title}`)
}

test('what two scanners say of one package is one vulnerability, told in the words of the first', async () => {
  await take('Lantern', [advisory('Lantern'), advisory('Lantern', { ruleId: 'CVE-2026-0002' })])
  const other = advisory('Beacon', {
    ruleId: 'GHSA-aaaa-bbbb-cccc',
    aliases: ['CVE-2026-0001'],
    path: '/srv/package-lock.json',
  })
  const done = await take('Beacon', [other, advisory('Beacon', { ruleId: 'CVE-2026-0003' })])
  expect(done.counts).toMatchObject({ results: 2, new: 1, merged: 1, kept: 0, closed: 0 })
  const title = 'Lantern says that the lantern burns'
  const both = [`1 identified Beacon: ${title}`, `1 identified Lantern: ${title}`]
  const rest = [`2 identified Lantern: ${title}`, '3 identified Beacon: Beacon says that the lantern burns']
  expect(await vulnerabilities()).toEqual([...both, ...rest])

  // Again, and in other words: kept, and the first scanner's words stay.
  const again = await take('Beacon', [
    { ...other, title: 'Something else' },
    advisory('Beacon', { ruleId: 'CVE-2026-0003' }),
  ])
  expect(again.counts).toMatchObject({ new: 0, merged: 0, kept: 2 })
  expect(await vulnerabilities()).toEqual([...both, ...rest])
})

test('a vulnerability is open while any scanner tells of it', async () => {
  await take('Lantern', [advisory('Lantern')])
  await take('Beacon', [advisory('Beacon'), advisory('Beacon', { ruleId: 'CVE-2026-0002' })])
  await take('Lantern', [advisory('Lantern', { ruleId: 'CVE-2026-0009' })])
  const [first, second] = await vulnerabilities()
  expect([first, second]).toEqual([
    expect.stringMatching(/^1 identified Beacon:/),
    expect.stringMatching(/^1 identified Lantern gone:/),
  ])
  await take('Beacon', [advisory('Beacon', { ruleId: 'CVE-2026-0002' })])
  expect((await vulnerabilities())[0]).toMatch(/^1 fixed Beacon gone:/)
})

test('what one scanner is told to keep quiet about, and another one tells of, is open; undo takes it back', async () => {
  await take('Lantern', [advisory('Lantern', { suppressed: 'not reachable' })])
  const before = await vulnerabilities()
  expect(before).toEqual([expect.stringMatching(/^1 suppressed Lantern/)])
  const done = await take('Beacon', [advisory('Beacon')])
  expect(done.counts).toMatchObject({ new: 0, merged: 0, reopened: 1 })
  expect(await vulnerabilities()).toEqual([
    expect.stringMatching(/^1 identified Beacon/),
    expect.stringMatching(/^1 identified Lantern/),
  ])
  const { organizationId, actor } = house
  await undoImport(house.deps, { organizationId, importId: done.id, actor })
  expect(await vulnerabilities()).toEqual(before)
})

test('undo of a merge leaves the vulnerability as the first scanner told it', async () => {
  await take('Lantern', [advisory('Lantern')])
  const before = await vulnerabilities()
  const done = await take('Beacon', [advisory('Beacon')])
  expect(done.counts).toMatchObject({ new: 0, merged: 1 })
  const { organizationId, actor } = house
  await undoImport(house.deps, { organizationId, importId: done.id, actor })
  expect(await vulnerabilities()).toEqual(before)
})
