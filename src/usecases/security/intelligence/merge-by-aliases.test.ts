import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, createImportFixture } from '../imports/import.fixture.ts'
import { advisory, takeFindings } from '../imports/take-findings.fixture.ts'
import { undoMerge } from '../regrouping/undo-merge.ts'
import { loadIntelligence } from './load-intelligence.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  await open.pool.query('delete from advisory_alias; delete from intelligence_load')
  house = await createImportFixture(open)
})

const cve = advisory('Lantern')
const ghsa = advisory('Beacon', { ruleId: 'GHSA-aaaa-bbbb-cccc' })
const names = 'CVE-2026-0001,GHSA-aaaa-bbbb-cccc\n'
const load = async (text: string) => {
  const actor = { kind: 'cli', name: 'Command line' } as const
  return loadIntelligence(house.deps, { kind: 'aliases', bytes: bodyOf(text), force: true, actor })
}
const rows = async () =>
  house.db
    .selectFrom('vulnerability')
    .select(['id', 'number', 'merged_into'])
    .where('organization_id', '=', house.organizationId)
    .orderBy('number')
    .execute()
const numbers = async () => (await rows()).filter((row) => row.merged_into === null).map((row) => row.number)

test('what is imported after the file was loaded is one at once', async () => {
  expect(await load(names)).toMatchObject({ kind: 'loaded', changed: 0, load: { entries: 2 } })
  await takeFindings(house, 'Lantern', [cve])
  expect((await takeFindings(house, 'Beacon', [ghsa])).counts).toMatchObject({ merged: 1, new: 0 })
  const renamed = advisory('Lantern', { ruleId: 'GHSA-aaaa-bbbb-cccc' })
  expect((await takeFindings(house, 'Lantern', [renamed])).counts).toMatchObject({ kept: 1, new: 0, closed: 0 })
  expect(await numbers()).toEqual([1])
})

test('what was imported before is put together, with the reason, and taken apart again for good', async () => {
  await takeFindings(house, 'Lantern', [cve])
  await takeFindings(house, 'Beacon', [ghsa])
  expect(await numbers()).toEqual([1, 2])
  expect(await load(names)).toMatchObject({ changed: 1 })
  expect(await numbers()).toEqual([1])
  const second = (await rows())[1]?.id ?? ''
  const event = house.db.selectFrom('vulnerability_event').select('reason').where('vulnerability_id', '=', second)
  expect((await event.where('kind', '=', 'merged_into').executeTakeFirst())?.reason).toBe(
    'Merged because the file of aliases says that both are CVE-2026-0001',
  )
  const { organizationId, actor, memberId } = house
  await undoMerge(house.deps, { organizationId, actor, id: second, viewer: { memberId, role: 'champion' } })
  expect(await load(`${names}# once more\n`)).toMatchObject({ kind: 'loaded', changed: 0 })
  await takeFindings(house, 'Beacon', [ghsa])
  expect(await numbers()).toEqual([1, 2])
})
