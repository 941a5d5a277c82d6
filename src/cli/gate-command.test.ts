import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GateResult, gateResult } from '../../contract/security/gate.ts'
import { createTestApp, createTestClient, setUp, type TestApp, type TestClient } from '../../test/app.ts'
import { ensureSecretKeys } from '../secret-key.ts'
import { runCommand } from './run-command.ts'

let app: TestApp
let admin: TestClient
let folder: string
const tokens: Record<string, string> = {}
const now = new Date('2027-06-01T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
let number = 0
let organizationId = ''

beforeAll(async () => {
  app = await createTestApp({ clock: () => now })
  admin = await setUp(app)
  organizationId = Object((await admin.send('GET', '/api/v1/session')).body).organization.id
  folder = mkdtempSync(join(tmpdir(), 'weir-gate-'))
  ensureSecretKeys({ secretKeys: undefined, dataFolder: folder })
  for (const scope of ['read', 'import', 'triage'])
    tokens[scope] = Object(
      (await admin.send('POST', '/api/v1/api-tokens', { json: { name: scope, scopes: [scope], expires_in_days: 1 } }))
        .body,
    ).token
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

type Open = { severity: 'critical' | 'high' | 'medium' | 'low'; days: number; branch?: string; status?: 'fixed' }

/** An asset whose main branch a report was applied for `imported` days ago, with these vulnerabilities. */
async function makeAsset(key: string, open: readonly Open[], imported: number | null = 1): Promise<string> {
  const made = await admin.send('POST', '/api/v1/assets', { json: { key, name: `Asset ${key}` } })
  const asset_id = Object(made.body).id
  const { db } = app.app.context
  const tenant = { organization_id: organizationId, asset_id }
  const file = { file_name: 'a.sarif', file_sha256: 'x', file_bytes: 1, source: 'api', state: 'applied' } as const
  if (imported !== null)
    for (const branch of ['main', ...new Set(open.flatMap((one) => one.branch ?? []))])
      await db
        .insertInto('import')
        .values({ ...tenant, id: app.app.context.newId(), branch, ...file, applied_at: daysAgo(imported) })
        .execute()
  for (const { severity, days, branch = 'main', status = 'identified' } of open) {
    number += 1
    const at = daysAgo(days)
    const words = { title: `${severity} of ${days}`, severity_source: 'tool', scanner: 's', rule_id: 'r' } as const
    const times = { opened_at: at, created_at: at, last_seen_at: at }
    await db
      .insertInto('vulnerability')
      .values({ ...tenant, id: app.app.context.newId(), number, branch, severity, status, ...words, ...times })
      .execute()
  }
  return asset_id
}

/** A variable that is undefined is not set. */
async function weir(args: string[], more: Record<string, string | undefined> = {}) {
  const given = { WEIR_DATA_FOLDER: folder, WEIR_URL: app.url, WEIR_TOKEN: tokens['import'], ...more }
  const environment = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const out: string[] = []
  const errors: string[] = []
  const code = await runCommand(['gate', ...args], {
    environment,
    say: (line) => out.push(line),
    complain: (line) => errors.push(line),
    readInput: async () => '',
  })
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}

async function judge(args: string[]): Promise<GateResult> {
  return gateResult.parse(JSON.parse((await weir([...args, '--json'])).out))
}

const many = (count: number, one: Open): Open[] => Array.from({ length: count }, () => one)

describe('weir gate', () => {
  test.each<[string, readonly Open[], number | null, number, string]>([
    ['nothing', [], 1, 0, 'passed'],
    ['what is fixed', [{ severity: 'critical', days: 3, status: 'fixed' }], 1, 0, 'passed'],
    ['few', many(3, { severity: 'high', days: 1 }), 1, 0, 'passed'],
    ['nearly too many', many(4, { severity: 'high', days: 1 }), 1, 0, 'warning'],
    ['too many', many(6, { severity: 'high', days: 1 }), 1, 1, 'failed'],
    ['a critical one', [{ severity: 'critical', days: 0 }], 1, 1, 'failed'],
    ['an aging one', [{ severity: 'medium', days: 72 }], 1, 0, 'warning'],
    ['one too old', [{ severity: 'medium', days: 90 }], 1, 1, 'failed'],
    ['a critical one elsewhere', [{ severity: 'critical', days: 9, branch: 'work' }], 1, 0, 'passed'],
    ['no report', [], null, 2, 'could_not_decide'],
    ['a report of 30 days', [], 30, 2, 'could_not_decide'],
  ])('of a branch with %s', async (name, open, imported, code, verdict) => {
    const key = name.replaceAll(' ', '-')
    await makeAsset(key, open, imported)
    const told = await weir(['--asset', key, '--json'])
    expect(told.code).toBe(code)
    expect(gateResult.parse(JSON.parse(told.out)).verdict).toBe(verdict)
    expect(told.errors).toMatch(code === 2 ? /^Could not decide\. \S/ : /^$/)
    expect((await weir(['--asset', key])).code).toBe(code)
  })

  test.each<[string, string[], Record<string, string | undefined>, RegExp]>([
    ['an unknown asset', ['--asset', 'few-'], {}, /no asset "few-"\. Did you mean few/],
    ['no asset', [], {}, /--asset KEY/],
    ['an option it does not have', ['--asset', 'few', '--speed', '9'], {}, /--speed/],
    ['a word too many', ['--asset', 'few', 'please'], {}, /Usage/],
    ['a token that is refused', ['--asset', 'few'], { WEIR_TOKEN: `weir_${'A'.repeat(86)}` }, /127\.0\.0\.1/],
    ['no token', ['--asset', 'few'], { WEIR_TOKEN: undefined }, /WEIR_TOKEN/],
    ['nobody who answers', ['--asset', 'few'], { WEIR_URL: 'http://127.0.0.1:9' }, /127\.0\.0\.1/],
    ['no address', ['--asset', 'few'], { WEIR_URL: 'nowhere' }, /nowhere/],
    ['a wrong configuration', ['--asset', 'few'], { WEIR_PORT: 'x' }, /WEIR_PORT/],
    ['a branch nobody imported', ['--asset', 'few', '--branch', 'nobody'], {}, /No report was applied/],
  ])('cannot decide by %s: 2 with a sentence, never 1', async (_, args, environment, sentence) => {
    for (const json of [[], ['--json']]) {
      const told = await weir([...args, ...json], environment)
      expect(told.code).toBe(2)
      expect(told.errors).toMatch(sentence)
      if (json.length > 0) expect(JSON.parse(told.out)).toMatchObject({ verdict: 'could_not_decide' })
    }
  })

  test.each([
    ['read', 0],
    ['import', 0],
    ['triage', 0],
  ])('is asked with a token for %s', async (scope, code) => {
    expect((await weir(['--asset', 'few'], { WEIR_TOKEN: tokens[scope] ?? '' })).code).toBe(code)
  })

  test('tells its own exit codes', async () => {
    expect((await weir(['--help'])).out).toContain('0 passed, or warned · 1 failed · 2 could not decide')
  })

  test('lists what stands in the way, worst first, with links, a hundred of all', async () => {
    await makeAsset('harbour', [
      ...many(101, { severity: 'high', days: 2 }),
      { severity: 'high', days: 40 },
      { severity: 'critical', days: 5 },
      { severity: 'medium', days: 80 },
      { severity: 'low', days: 400 },
    ])
    const { offenders, offenders_total: total, checks } = await judge(['--asset', 'harbour'])
    expect([offenders.length, total]).toEqual([100, 104])
    expect(offenders.slice(0, 3)).toMatchObject([
      { severity: 'critical', age_days: 5, level: 'failed', limits: ['most_open'] },
      { severity: 'high', title: 'high of 40', age_days: 40, limits: ['most_open', 'most_age_days'] },
      { severity: 'high', age_days: 2, limits: ['most_open'] },
    ])
    expect(offenders[0]?.url).toBe(`${app.app.context.settings.publicUrl}/vulnerabilities/${offenders[0]?.id}`)
    expect(checks.map(({ severity, limit, level }) => `${severity} ${limit} ${level}`)).toEqual([
      'critical most_open failed',
      'high most_open failed',
      'high most_age_days failed',
      'medium most_age_days warning',
    ])
    const { out } = await weir(['--asset', 'harbour'])
    expect(out).toMatch(/FAILED +critical +1 open, at most 0\n/)
    expect(out).toMatch(/104 vulnerabilities stand in the way/)
    expect(out).toContain(offenders[0]?.url)
    expect(out).toMatch(/and 84 more.*\nFailed\.$/)
  })

  test('asks the database of this machine as well', async () => {
    const here = {
      WEIR_URL: undefined,
      WEIR_TOKEN: undefined,
      DATABASE_URL: app.database.url,
      WEIR_PUBLIC_URL: 'https://weir.example',
    }
    // Here the clock is the real one: of an import in the future nothing is old yet.
    const told = await weir(['--asset', 'a-critical-one', '--json'], here)
    expect(told).toMatchObject({ code: 1, errors: '' })
    expect(JSON.parse(told.out).offenders[0].url).toMatch(/^https:\/\/weir\.example\/vulnerabilities\//)
    expect((await weir(['--asset', 'nothing', '--branch', 'none'], here)).code).toBe(2)
    expect((await weir(['--asset', 'nothing'], { ...here, DATABASE_URL: 'postgres://x@127.0.0.1:1/none' })).code).toBe(
      2,
    )
  })
})

describe('what is asked of a branch', () => {
  test('is what the organization says, an administrator alone sets it, and it is audited', async () => {
    const before = Object((await admin.send('GET', '/api/v1/settings/gate')).body)
    expect(before).toMatchObject({ is_default: true, limits: { critical: { most_open: 0 }, low: { most_open: null } } })
    await makeAsset('lows', many(3, { severity: 'low', days: 1 }))
    const { is_default: _, ...settings } = before
    const stricter = { ...settings, limits: { ...settings.limits, low: { most_open: 2, most_age_days: null } } }
    const trial = await admin.send('POST', '/api/v1/settings/gate/try', { json: stricter })
    const present = await admin.send('POST', '/api/v1/settings/gate/try', { json: settings })
    const [then, today] = [Object(trial.body), Object(present.body)]
    // `lows` and `harbour` have lows; harbour fails anyway.
    expect([then.failed - today.failed, then.passed - today.passed]).toEqual([1, -1])
    expect((await weir(['--asset', 'lows'])).code).toBe(0)
    expect((await admin.send('PUT', '/api/v1/settings/gate', { json: stricter })).body).toEqual({
      ...stricter,
      is_default: false,
    })
    expect((await weir(['--asset', 'lows'])).code).toBe(1)
    const assets = Object((await admin.send('GET', '/api/v1/assets?q=lows')).body).items
    expect(assets).toMatchObject([{ key: 'lows', gate: 'failed' }])
    const token = createTestClient(app.url, { token: tokens['triage'] ?? '' })
    expect((await token.send('PUT', '/api/v1/settings/gate', { json: settings })).status).toBe(403)
    const [event] = Object((await admin.send('GET', '/api/v1/audit-events')).body).items
    expect(event).toMatchObject({ action: 'gate.changed' })
  })

  test('an asset overrides what it names, can lift a limit, and takes its word back', async () => {
    const id = await makeAsset('pier', [{ severity: 'critical', days: 3 }])
    const put = async (override: object) =>
      Object((await admin.send('PUT', `/api/v1/assets/${id}/gate`, { json: { override } })).body)
    expect((await judge(['--asset', 'pier'])).verdict).toBe('failed')
    expect(await put({ critical: { most_open: 1 } })).toMatchObject({ verdict: 'warning' })
    expect(await put({ critical: { most_open: null } })).toMatchObject({ verdict: 'passed' })
    expect(await put({ critical: { most_open: null, most_age_days: 3 } })).toMatchObject({ verdict: 'failed' })
    const [event] = Object((await admin.send('GET', '/api/v1/audit-events')).body).items
    expect(event).toMatchObject({ action: 'asset.gate_changed', target_id: id })
    expect(await put({ critical: {} })).toMatchObject({ verdict: 'failed', override: {} })
    const wrong = await admin.send('PUT', `/api/v1/assets/${id}/gate`, {
      json: { override: { critical: { most_open: -1 } } },
    })
    expect(wrong.status).toBe(422)
  })
})
