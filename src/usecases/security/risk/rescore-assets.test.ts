import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { Severity } from '../../../domain/severity.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { undoImport } from '../imports/undo-import.ts'
import { moveVulnerability } from '../vulnerabilities/move-vulnerability.ts'
import { getAssetRisk, getRisk } from './get-risk.ts'
import { rescoreAssets } from './rescore-assets.ts'

type Fixture = Awaited<ReturnType<typeof createImportFixture>>
let open: OpenDatabase
let now = new Date('2027-03-01T09:00:00Z')
const clock = () => now
const dayMs = 86_400_000
let number = 10_000

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const rescore = async () => rescoreAssets({ db: open.db, clock })
const riskOf = async ({ organizationId, assetId }: Fixture) =>
  getAssetRisk({ db: open.db, clock }, { organizationId, id: assetId })
const wholeOf = async ({ organizationId }: Fixture) => getRisk({ db: open.db, clock }, { organizationId })

type Made = { severity: Severity; exploited?: true; epss?: number; late?: number; branch?: string; title?: string }

async function insertOpen({ organizationId, assetId, deps }: Fixture, some: readonly Made[]): Promise<void> {
  const rows = some.map(({ severity, exploited = false, epss, late, branch = 'main', title = severity }) => {
    const key = { organization_id: organizationId, id: deps.newId(), number: (number += 1), asset_id: assetId, branch }
    const words = {
      title,
      severity,
      severity_source: 'tool',
      scanner: 's',
      rule_id: 'r',
      status: 'identified',
    } as const
    const facts = { known_exploited: exploited, epss_probability: epss ?? null, opened_at: now, last_seen_at: now }
    const due_at = late === undefined ? null : new Date(now.getTime() - late * dayMs)
    return { ...key, ...words, ...facts, due_at }
  })
  await open.db.insertInto('vulnerability').values(rows).execute()
}

async function insertImport({ organizationId, assetId, deps }: Fixture, branch = 'main'): Promise<void> {
  const file = { file_name: 'a', file_sha256: 'a', file_bytes: 1, source: 'api', state: 'applied' } as const
  const key = { organization_id: organizationId, id: deps.newId(), asset_id: assetId }
  await open.db
    .insertInto('import')
    .values({ ...key, branch, ...file, applied_at: now })
    .execute()
}

async function importInto({ deps, organizationId, actor }: Fixture, files: readonly string[], branch = 'main') {
  const report = sarifOf(files.map((file) => ({ file })))
  const wish = { asset: 'quay', branch, commit: undefined, format: undefined, scope: 'full', preview: false } as const
  const file = { fileName: 'scan.sarif', source: 'api' as const, body: bytesOf(report) }
  return importReport(deps, { organizationId, actor, ...wish, ...file })
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

describe('the worked example of docs/risk-score.md', () => {
  let fixture: Fixture

  beforeAll(async () => {
    fixture = await createImportFixture(open)
    const key = { organization_id: fixture.organizationId, id: fixture.assetId }
    const traits = { business_impact: 'high', exposure: 'internet' } as const
    await open.db.updateTable('asset').set(traits).where('id', '=', key.id).execute()
    await insertImport(fixture)
    const lows = Array.from({ length: 10 }, () => ({ severity: 'low' as const, epss: 0.0099 }))
    await insertOpen(fixture, [
      { severity: 'critical', exploited: true, epss: 0.9, late: 40 },
      { severity: 'high', epss: 0.12, late: 0, title: 'likely' },
      { severity: 'high' },
      { severity: 'medium', late: 5, title: 'late' },
      { severity: 'medium', late: -3 },
      { severity: 'medium', late: -3 },
      ...lows,
      { severity: 'critical', branch: 'feature/x' },
    ])
    await rescore()
  })

  test('has its score and points, which add up', async () => {
    const risk = await riskOf(fixture)
    expect(risk).toMatchObject({ version: 1, score: 71.4, open: 16, outdated: false, branch: 'main' })
    expect(risk.contributions).toEqual([
      { label: 'Critical vulnerabilities', points: 14.3 },
      { label: 'Known to be exploited', points: 14.2 },
      { label: 'Internet-facing', points: 12 },
      { label: 'Business impact', points: 12 },
      { label: 'Past the deadline', points: 7.3 },
      { label: 'High vulnerabilities', points: 7.3 },
      { label: 'Medium vulnerabilities', points: 1.8 },
      { label: 'Likely to be exploited', points: 1.8 },
      { label: 'Low vulnerabilities', points: 0.7 },
    ])
  })

  test('names what weighs most, with its points', async () => {
    const { heaviest } = await riskOf(fixture)
    expect(heaviest).toHaveLength(10)
    expect(heaviest.slice(0, 4).map(({ title }) => title)).toEqual(['critical', 'likely', 'high', 'late'])
    expect(heaviest[0]).toMatchObject({ severity: 'critical', points: 49.9 })
  })

  test('makes the score of its organization, its share, and the funnel', async () => {
    expect(await wholeOf(fixture)).toMatchObject({
      score: 71.4,
      assets: [{ key: 'quay', score: 71.4, points: 71.4 }],
      others: { assets: 0, points: 0 },
      unscored: 0,
      funnel: { open: 16, high_impact: 16, internet_facing: 16, sensitive_data: 0 },
      trend: [{ day: '2027-03-01', score: 71.4, open: 16 }],
    })
  })
})

test('nothing imported is unknown, not 0; nothing open after an import is 0', async () => {
  const fixture = await createImportFixture(open)
  expect(await riskOf(fixture)).toMatchObject({ score: null, scored_at: null, outdated: true })
  await insertImport(fixture, 'feature/x')
  await rescore()
  expect(await riskOf(fixture)).toMatchObject({ score: null, outdated: false })
  expect(await wholeOf(fixture)).toMatchObject({ score: null, unscored: 1, trend: [{ score: null }] })
  await insertImport(fixture)
  await rescore()
  expect(await riskOf(fixture)).toMatchObject({ score: 0, contributions: [], heaviest: [] })
  expect(await wholeOf(fixture)).toMatchObject({ score: 0, unscored: 0 })
})

test('the funnel counts each step within the one before, of default branches and living assets', async () => {
  const fixture = await createImportFixture(open)
  const { organizationId, deps } = fixture
  const add = async (key: string, more: object, count: number) => {
    const id = deps.newId()
    const asset = { organization_id: organizationId, id, key, name: key, default_branch: 'main', ...more }
    await open.db.insertInto('asset').values(asset).execute()
    await insertOpen(
      { ...fixture, assetId: id },
      Array.from({ length: count }, () => ({ severity: 'low' as const })),
    )
  }
  const internet = { business_impact: 'high', exposure: 'internet' }
  await add('a', { ...internet, data_classes: ['personal'] }, 1)
  await add('b', internet, 2)
  await add('c', { business_impact: 'high' }, 4)
  await add('d', { exposure: 'internet', data_classes: ['personal'] }, 8)
  await add('e', { archived_at: now, ...internet }, 16)
  await insertOpen(fixture, [{ severity: 'critical', branch: 'feature/x' }])
  await rescore()
  const { funnel } = await wholeOf(fixture)
  expect(funnel).toEqual({ open: 15, high_impact: 7, internet_facing: 3, sensitive_data: 1 })
})

describe('an asset is scored anew', () => {
  let fixture: Fixture
  let undo = ''
  const scoreOf = async () => (await riskOf(fixture)).score ?? -1

  beforeAll(async () => {
    fixture = await createImportFixture(open)
    await importInto(fixture, ['a.ts', 'b.ts'])
    await rescore()
  })

  const of = async (change: object) => {
    await open.db.updateTable('vulnerability').set(change).where('asset_id', '=', fixture.assetId).execute()
  }
  const asset = async (change: object) => {
    await open.db.updateTable('asset').set(change).where('id', '=', fixture.assetId).execute()
  }

  test.each<[string, 'rises' | 'falls', () => Promise<unknown>]>([
    ['after an import', 'rises', async () => (undo = (await importInto(fixture, ['a.ts', 'b.ts', 'c.ts'])).id)],
    [
      'after the import is undone',
      'falls',
      async () =>
        undoImport(fixture.deps, { organizationId: fixture.organizationId, importId: undo, actor: fixture.actor }),
    ],
    [
      'after a move',
      'falls',
      async () => {
        const { id } = await open.db
          .selectFrom('vulnerability')
          .select('id')
          .where('asset_id', '=', fixture.assetId)
          .orderBy('number')
          .limit(1)
          .executeTakeFirstOrThrow()
        const { organizationId, actor, memberId } = fixture
        const move = { to: 'false_positive', reason: 'It is a door.' } as const
        const viewer = { memberId, role: 'champion' } as const
        await moveVulnerability(fixture.deps, { organizationId, id, ...move, actor, viewer })
      },
    ],
    ['after another severity', 'rises', async () => of({ severity: 'critical' })],
    ['after EPSS was loaded', 'rises', async () => of({ epss_probability: 0.6 })],
    ['after KEV was loaded', 'rises', async () => of({ known_exploited: true })],
    ['after its business impact changed', 'rises', async () => asset({ business_impact: 'high' })],
    ['after it went to the internet', 'rises', async () => asset({ exposure: 'internet' })],
    ['after its default branch changed', 'falls', async () => asset({ default_branch: 'other' })],
  ])('%s', async (_, way, cause) => {
    const before = await scoreOf()
    await cause()
    expect(await riskOf(fixture)).toMatchObject({ outdated: true })
    await rescore()
    const after = await scoreOf()
    expect(way === 'rises' ? after > before : after < before).toBe(true)
    expect(await riskOf(fixture)).toMatchObject({ outdated: false })
  })
})

test('once a day all are scored, since what is late gets later; each day keeps one row, its last', async () => {
  const fixture = await createImportFixture(open)
  await insertImport(fixture)
  await insertOpen(fixture, [{ severity: 'high', late: 0.5 }])
  await rescore()
  const first = (await riskOf(fixture)).score ?? 0
  const { scored_at: at } = await riskOf(fixture)
  await rescore()
  expect((await riskOf(fixture)).scored_at).toBe(at)
  now = new Date(now.getTime() + 5 * 3600_000)
  await insertOpen(fixture, [{ severity: 'low' }])
  await rescore()
  const second = (await riskOf(fixture)).score ?? 0
  now = new Date(now.getTime() + 12 * 3600_000)
  await rescore()
  const { score: third, trend } = await riskOf(fixture)
  expect(second).toBeGreaterThan(first)
  expect(third).toBeGreaterThan(second)
  expect(trend).toEqual([
    { day: '2027-03-01', score: second, open: 2 },
    { day: '2027-03-02', score: third, open: 2 },
  ])
  expect((await wholeOf(fixture)).trend).toEqual(trend)
})

test('of two workers at once one scores, and more assets than one batch holds are all scored', async () => {
  const fixture = await createImportFixture(open)
  const { organizationId, deps } = fixture
  const assets = Array.from({ length: 450 }, (_, index) => {
    const [key, name] = [`k${index}`, `K${index}`]
    return { organization_id: organizationId, id: deps.newId(), key, name, default_branch: 'main' }
  })
  await open.db.insertInto('asset').values(assets).execute()
  await Promise.all([rescore(), rescore()])
  await rescore()
  const { count } = await open.db
    .selectFrom('asset_score')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow()
  expect(count).toBe(451)
  const left = await open.db
    .selectFrom('asset_to_score')
    .select('id')
    .where('organization_id', '=', organizationId)
    .execute()
  expect(left).toEqual([])
})
