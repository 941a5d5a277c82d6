import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, createImportFixture } from '../imports/import.fixture.ts'
import { advisory, door, takeFindings } from '../imports/take-findings.fixture.ts'
import { mergeInTransaction, mergeVulnerabilities } from '../regrouping/merge-vulnerabilities.ts'
import { splitVulnerability } from '../regrouping/split-vulnerability.ts'
import { undoMerge } from '../regrouping/undo-merge.ts'
import { undoSplit } from '../regrouping/undo-split.ts'
import { getVulnerability } from '../vulnerabilities/get-vulnerability.ts'
import { loadIntelligence } from './load-intelligence.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())
beforeEach(async () => {
  await open.pool.query(
    'delete from advisory_alias; delete from intelligence_load; delete from epss_score; delete from known_exploited',
  )
  house = await createImportFixture(open)
})

const load = async (kind: 'epss' | 'kev' | 'aliases', text: string) => {
  const actor = { kind: 'cli', name: 'Command line' } as const
  return loadIntelligence(house.deps, { kind, bytes: bodyOf(text), force: true, actor })
}
const files = {
  epss: '#model_version:v1,score_date:2027-03-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.25,0.5\nCVE-2026-0002,0.75,0.9\n',
  kev: JSON.stringify({
    catalogVersion: '2027.03.01',
    dateReleased: '2027-03-01T10:00:00Z',
    vulnerabilities: [
      { cveID: 'CVE-2026-0001', dateAdded: '2027-01-02', dueDate: '2027-01-23', knownRansomwareCampaignUse: 'Known' },
    ],
  }),
  aliases: 'GHSA-aaaa-bbbb-cccc,CVE-2026-0001\nPYSEC-2026-7,GHSA-aaaa-bbbb-cccc\n',
} as const
const kinds = ['epss', 'kev', 'aliases'] as const
const told = async () => {
  const rows = house.db
    .selectFrom('vulnerability')
    .select(['epss_probability as probability', 'known_exploited as exploited'])
    .where('organization_id', '=', house.organizationId)
  return (await rows.orderBy('number').execute()).map(({ probability, exploited }) => [probability, exploited])
}
const ids = async () => {
  const rows = house.db.selectFrom('vulnerability').select('id').where('organization_id', '=', house.organizationId)
  return (await rows.orderBy('number').execute()).map(({ id }) => id)
}
const who = () => {
  const { organizationId, actor, memberId } = house
  return { organizationId, actor, viewer: { memberId, role: 'champion' as const } }
}
const nothing = [null, false]
const both = [0.25, true]
const oneName = advisory('Beacon', { ruleId: 'GHSA-AAAA-bbbb-cccc' })
const furtherName = advisory('Lantern', {
  ruleId: 'PYSEC-2026-7',
  package: { ecosystem: 'pypi', name: 'oil', version: '1' },
})

test.each([[['epss', 'kev', 'aliases']], [['aliases', 'epss', 'kev']], [['kev', 'aliases', 'epss']]] as const)(
  'what no scanner calls by its CVE is told by the names of the file, loaded as %s',
  async (order) => {
    await takeFindings(house, 'Beacon', [oneName, door('Beacon', 10)])
    await takeFindings(house, 'Lantern', [furtherName])
    for (const kind of order) await load(kind, files[kind])
    expect(await told()).toEqual([both, nothing, both])
    const [id = ''] = await ids()
    const page = await getVulnerability(house.deps, { ...who(), id })
    expect(page.exploited).toEqual([
      { cve: 'CVE-2026-0001', added_on: '2027-01-02', due_on: '2027-01-23', used_by_ransomware: true },
    ])
  },
)

test('what is imported later is told at once, and no more when the file no longer knows the name', async () => {
  for (const kind of kinds) await load(kind, files[kind])
  await takeFindings(house, 'Beacon', [oneName])
  expect(await told()).toEqual([both])
  await load('aliases', 'GHSA-zzzz-zzzz-zzzz,CVE-2026-0001\n')
  expect(await told()).toEqual([nothing])
  await load('aliases', 'GHSA-aaaa-bbbb-cccc,CVE-2026-0001,CVE-2026-0002\n')
  expect(await told()).toEqual([[0.75, true]])
})

test('a merge, its undo, a split and its undo are told of at once by the names the evidence has then', async () => {
  for (const kind of kinds) await load(kind, files[kind])
  await takeFindings(house, 'Beacon', [door('Beacon', 10), oneName])
  const [into = '', other = ''] = await ids()
  expect(await told()).toEqual([nothing, both])
  await mergeVulnerabilities(house.deps, { ...who(), into, ids: [other] })
  expect((await told())[0]).toEqual(both)
  await undoMerge(house.deps, { ...who(), id: other })
  expect(await told()).toEqual([nothing, both])
  await mergeVulnerabilities(house.deps, { ...who(), into, ids: [other] })
  const finding = house.db.selectFrom('finding').select('id').where('organization_id', '=', house.organizationId)
  const { id: findingId } = await finding.where('kind', '=', 'dependency').executeTakeFirstOrThrow()
  const made = await splitVulnerability(house.deps, { ...who(), id: into, findingIds: [findingId] })
  expect(await told()).toEqual([nothing, both, both])
  await undoSplit(house.deps, { ...who(), id: made.id })
  expect((await told())[0]).toEqual(both)
})

test('a merge that is under way while newer scores are loaded is told by those', async () => {
  for (const kind of kinds) await load(kind, files[kind])
  await takeFindings(house, 'Beacon', [door('Beacon', 10), oneName])
  const [into = '', other = ''] = await ids()
  const newer = files.epss.replace('0.25', '0.5').replace('03-01', '03-02')
  const tx = await open.db.startTransaction().execute()
  const { organizationId, actor } = house
  await mergeInTransaction(house.deps, tx, { organizationId, actor, into, ids: [other] })
  const loading = load('epss', newer)
  const first = await Promise.race([loading, sleep(500, 'waits')])
  await tx.commit().execute()
  await loading
  expect(first).toBe('waits')
  expect((await told())[0]).toEqual([0.5, true])
})
