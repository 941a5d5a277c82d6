import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, createImportFixture } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { undoImport } from '../imports/undo-import.ts'
import { listIntelligence } from './list-intelligence.ts'
import { loadIntelligence } from './load-intelligence.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
let other: Awaited<ReturnType<typeof createImportFixture>>
beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
  other = await createImportFixture(open)
  for (const one of [house, other]) {
    await take(
      [
        { id: 'CVE-2026-0001', package: 'rope' },
        { id: 'cve-2026-0002-in-a-name', package: 'rope', aliases: ['GHSA-aaaa-bbbb-2222', 'CVE-2026-0002'] },
        { id: 'PYSEC-2026-3', package: 'rope', aliases: ['cve-2026-0003', 'CVE-2026-0004'] },
        { id: 'GHSA-cccc-dddd-3333', package: 'sail' },
        { id: 'own-rule' },
      ],
      { one },
    )
  }
})
afterAll(() => open.close())
beforeEach(async () => {
  await open.db.deleteFrom('intelligence_load').execute()
  await open.pool.query(
    'update vulnerability set epss_probability = null, epss_percentile = null, known_exploited = false',
  )
})

type Said = { id: string; package?: string; aliases?: string[]; title?: string }

async function take(said: readonly Said[], { one = house, tool = 'Tide Table' } = {}) {
  const findings = said.map(({ package: name, ...rest }) => ({
    title: `About ${rest.id}`,
    severity: 'medium',
    rule: rest.id,
    ...rest,
    ...(name !== undefined && { file: 'package-lock.json', package: { ecosystem: 'npm', name, version: '1.0.0' } }),
  }))
  const text = JSON.stringify({ format: 'weir', version: 1, tool: { name: tool }, findings })
  const { organizationId, actor } = one
  return importReport(one.deps, { organizationId, actor, asset: 'quay', scope: 'partial', body: bodyOf(text) })
}

const score = (number: number) => `CVE-2026-000${number},0.${number}5,0.${number}\n`
const epss = (numbers: readonly number[], day = '2027-03-01') =>
  `#model_version:v1,score_date:${day}T00:00:00Z\ncve,epss,percentile\n${numbers.map(score).join('')}`
const entry = (number: number) => ({
  cveID: `CVE-2026-000${number}`,
  dateAdded: '2027-01-02',
  dueDate: '2027-01-23',
  knownRansomwareCampaignUse: 'Known',
})
const kev = (numbers: readonly number[], day = '2027-03-01') =>
  JSON.stringify({ catalogVersion: day, dateReleased: `${day}T10:00:00Z`, vulnerabilities: numbers.map(entry) })

async function load(kind: string, file: string | Uint8Array, force = false) {
  const actor = { kind: 'cli', name: 'Command line' } as const
  return loadIntelligence(house.deps, { kind, bytes: bodyOf(file, 64), force, actor })
}

async function told(one = house) {
  const rows = await open.db
    .selectFrom('vulnerability')
    .select(['rule_id', 'epss_probability', 'epss_percentile', 'known_exploited'])
    .where('organization_id', '=', one.organizationId)
    .orderBy('number')
    .execute()
  return Object.fromEntries(
    rows.map((row) => [row.rule_id, [row.epss_probability, row.epss_percentile, row.known_exploited]]),
  )
}

const nothing = [null, null, false]

describe('a loaded file', () => {
  test('tells every vulnerability of every organization by the names of its advisories, the worst of several', async () => {
    expect(await load('epss', gzipSync(epss([1, 2, 3, 4])))).toMatchObject({
      kind: 'loaded',
      changed: 6,
      load: { version: 'v1', published_on: '2027-03-01', entries: 4 },
    })
    expect(await load('kev', kev([3]))).toMatchObject({ kind: 'loaded', changed: 2 })
    const wanted = {
      'CVE-2026-0001': [0.15, 0.1, false],
      'cve-2026-0002-in-a-name': [0.25, 0.2, false],
      'PYSEC-2026-3': [0.45, 0.4, true],
      'GHSA-cccc-dddd-3333': nothing,
      'own-rule': nothing,
    }
    expect(await told()).toEqual(wanted)
    expect(await told(other)).toEqual(wanted)
    const audit = await open.db.selectFrom('audit_event').select(['actor_kind', 'action', 'organization_id']).execute()
    expect(audit.filter(({ action }) => action === 'intelligence.loaded')).toHaveLength(4)
  })

  test('takes back what the one before said', async () => {
    await load('epss', epss([1, 2]))
    await load('kev', kev([1, 2]))
    await load('epss', epss([2, 3], '2027-03-02'))
    await load('kev', kev([2, 3], '2027-03-02'))
    expect(await told()).toMatchObject({
      'CVE-2026-0001': nothing,
      'cve-2026-0002-in-a-name': [0.25, 0.2, true],
      'PYSEC-2026-3': [0.35, 0.3, true],
    })
  })

  test('changes nothing when it is loaded again, packed or not', async () => {
    await load('epss', epss([1, 2]))
    const before = await listIntelligence(house.deps)
    expect(await load('epss', gzipSync(epss([1, 2])))).toMatchObject({ kind: 'unchanged', changed: 0 })
    expect(await listIntelligence(house.deps)).toEqual(before)
  })

  test('that was not told to all is told when it is loaded again', async () => {
    await load('epss', epss([1, 2]))
    await open.pool.query('update intelligence_load set applied_at = null')
    await open.pool.query('update vulnerability set epss_probability = null')
    expect(await load('epss', epss([1, 2]))).toMatchObject({ kind: 'unchanged', changed: 4 })
    expect((await listIntelligence(house.deps))[0]?.loaded?.is_applied).toBe(true)
  })
})

describe('nothing is changed by a file that', () => {
  const numbers = [1, 2, 3]
  test.each<[string, string, string | Uint8Array, string]>([
    ['is older', 'epss', epss(numbers, '2027-02-28'), 'conflict'],
    ['is an older catalogue', 'kev', kev(numbers, '2027-02-28'), 'conflict'],
    ['is packed and cut short', 'epss', gzipSync(epss([1, 2, 3, 4])).subarray(0, -12), 'intelligence_invalid'],
    ['is packed and damaged', 'epss', Buffer.from(gzipSync(epss([4]))).fill(7, 12, 30), 'intelligence_invalid'],
    ['ends in the middle of a line', 'epss', epss([1, 2, 3, 4], '2027-03-02').slice(0, -2), 'intelligence_invalid'],
    ['was cut at the end of a line', 'epss', epss([1, 2], '2027-03-02'), 'conflict'],
    ['is a cut catalogue', 'kev', kev(numbers, '2027-03-02').slice(0, -5), 'intelligence_invalid'],
    ['is something else', 'epss', '{"runs":[]}', 'intelligence_invalid'],
    ['is empty', 'kev', '', 'intelligence_invalid'],
    ['has a broken line at its end', 'epss', `${epss(numbers, '2027-03-02')}CVE-2026-1\n`, 'intelligence_invalid'],
  ])('%s', async (_, kind, file, code) => {
    await load('epss', epss(numbers))
    await load('kev', kev(numbers))
    const before = [await told(), await listIntelligence(house.deps)]
    await expect(load(kind, file)).rejects.toMatchObject({ code })
    expect([await told(), await listIntelligence(house.deps)]).toEqual(before)
  })

  test('is older, but with force', async () => {
    await load('epss', epss([1, 2, 3]))
    expect(await load('epss', epss([2], '2027-02-28'), true)).toMatchObject({ kind: 'loaded' })
    expect(await told()).toMatchObject({ 'CVE-2026-0001': nothing, 'cve-2026-0002-in-a-name': [0.25, 0.2, false] })
  })
})

describe('an import', () => {
  test('tells what is new, what says more than before, and what another scanner knows by its CVE', async () => {
    await load('epss', epss([4, 5, 6, 7]))
    await load('kev', kev([5, 7]))
    await take([
      { id: 'CVE-2026-0005', package: 'anchor' },
      { id: 'GHSA-eeee-ffff-4444', package: 'mast' },
    ])
    expect(await told()).toMatchObject({ 'CVE-2026-0005': [0.55, 0.5, true], 'GHSA-eeee-ffff-4444': nothing })
    await take([{ id: 'GHSA-eeee-ffff-4444', package: 'mast', aliases: ['CVE-2026-0006'], title: 'Now with a name' }])
    expect(await told()).toMatchObject({ 'GHSA-eeee-ffff-4444': [0.65, 0.6, false] })
    const more = [{ id: 'CVE-2026-0007', package: 'sail', aliases: ['GHSA-cccc-dddd-3333'] }]
    const merged = await take(more, { tool: 'Lantern' })
    expect(merged).toMatchObject({ counts: { merged: 1 } })
    expect(await told()).toMatchObject({ 'GHSA-cccc-dddd-3333': [0.75, 0.7, true] })
    const { organizationId, actor } = house
    await undoImport(house.deps, { organizationId, importId: merged.id, actor })
    expect(await told()).toMatchObject({ 'GHSA-cccc-dddd-3333': nothing })
  })

  test('leaves what is known where no file is loaded', async () => {
    await open.pool.query(`update vulnerability set epss_probability = 0.5 where rule_id = 'CVE-2026-0001'`)
    await take([{ id: 'CVE-2026-0001', package: 'rope', title: 'Another word' }])
    expect(await told()).toMatchObject({ 'CVE-2026-0001': [0.5, null, false] })
  })
})

test('what is loaded is old after thirty days', async () => {
  await load('epss', epss([1], '2027-01-01'))
  await load('kev', kev([1], '2027-02-28'))
  const items = await listIntelligence({ db: open.db, clock: () => new Date('2027-02-28T12:00:00Z') })
  expect(items.filter(({ kind }) => kind !== 'aliases')).toMatchObject([
    { kind: 'epss', is_old: true, loaded: { published_on: '2027-01-01', entries: 1 } },
    { kind: 'kev', is_old: false },
  ])
})
