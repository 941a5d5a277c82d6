import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { reportImport } from '../../contract/security/imports.ts'
import { createTestApp, setUp } from '../../test/app.ts'
import { createBareDatabase, createTestDatabase } from '../../test/database.ts'
import { createNewId, newId } from '../lib/ids.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import { ensureSecretKeys } from '../secret-key.ts'
import type { OpenDatabase } from '../store/db.ts'
import { createImportFixture, sarifOf } from '../usecases/security/imports/import.fixture.ts'
import { runCommand } from './run-command.ts'

let open: OpenDatabase
let folder: string
let report: string
let dataFolder: string

beforeAll(async () => {
  open = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'weir-cli-'))
  dataFolder = join(folder, 'data')
  ensureSecretKeys({ secretKeys: undefined, dataFolder })
  report = join(folder, 'scan.sarif')
  writeFileSync(report, sarifOf(Array.from({ length: 12 }, (_, index) => ({ file: `src/${index}.ts` }))))
  await createImportFixture(open)
})
afterAll(async () => {
  await open.close()
  rmSync(folder, { recursive: true, force: true })
})

async function weir(
  args: string[],
  options: {
    url?: string
    input?: string
    environment?: Record<string, string>
    showProgress?: (line: string) => void
  } = {},
) {
  const out: string[] = []
  const errors: string[] = []
  const environment = {
    DATABASE_URL: options.url ?? open.url,
    WEIR_DATA_FOLDER: dataFolder,
    ...options.environment,
  }
  const readInput = async (): Promise<string> => options.input ?? ''
  const code = await runCommand(args, {
    environment,
    say: (line) => out.push(line),
    complain: (line) => errors.push(line),
    readInput,
    ...(options.showProgress && { showProgress: options.showProgress }),
  })
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}

describe('weir import', () => {
  test('prints the counts, and with --json one object of the API’s own shape', async () => {
    const preview = await weir(['import', report, '--asset', 'quay', '--preview', '--json'])
    expect(preview.code).toBe(0)
    expect(reportImport.parse(JSON.parse(preview.out))).toMatchObject({
      state: 'previewed',
      counts: { new: 12 },
      file_name: 'scan.sarif',
      source: 'cli',
    })
    const done = await weir(['import', report, '--asset', 'quay', '--branch', 'work', '--commit', 'abcdef0'])
    expect(done).toMatchObject({ code: 0, errors: '' })
    expect(done.out).toMatch(/12 results for quay, branch work/)
    expect(done.out).toMatch(/new +12 .*\n[\s\S]*Applied\./)
    expect((await weir(['import', report, '--asset', 'quay', '--branch', 'work', '--commit', 'abcdef0'])).out).toMatch(
      /Nothing to do\. The same file/,
    )
  })

  test('shows how far it is to whoever watches, apart from what it answers, and takes it away at the end', async () => {
    const shown: string[] = []
    const watched = { showProgress: (line: string) => void shown.push(line) }
    const done = await weir(['import', report, '--asset', 'quay', '--branch', 'seen', '--json'], watched)
    expect(reportImport.parse(JSON.parse(done.out)).counts.new).toBe(12)
    expect(done.errors).toBe('')
    const stages = shown.map((line) => line.split(':')[0])
    expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual([
      'Sending',
      'Reading',
      'Comparing',
      'Writing',
      '',
    ])
  })

  test('a dry run says what would be done and leaves no trace, whatever the report', async () => {
    const list = async () => (await open.db.selectFrom('import').select('id').execute()).length
    const before = await list()
    const dry = await weir(['import', report, '--asset', 'quay', '--branch', 'dry', '--dry-run'])
    expect(dry).toMatchObject({ code: 0, errors: '', out: expect.stringMatching(/new +12 [^]*\nDry run: nothing was/) })
    const json = await weir(['import', report, '--asset', 'quay', '--branch', 'dry', '--dry-run', '--json'])
    expect(reportImport.parse(JSON.parse(json.out))).toMatchObject({ state: 'previewed', counts: { new: 12 } })
    const broken = join(folder, 'broken.sarif')
    writeFileSync(broken, sarifOf([{ file: 'a.ts' }]).slice(0, -20))
    expect(await weir(['import', broken, '--asset', 'quay', '--dry-run'])).toMatchObject({ code: 3 })
    expect(await list()).toBe(before)
  })

  test('ends with the code its help tells', async () => {
    await weir(['import', report, '--asset', 'quay', '--branch', 'codes'])
    const empty = join(folder, 'empty.sarif')
    writeFileSync(empty, sarifOf([]))
    expect(await weir(['import', empty, '--asset', 'quay', '--branch', 'codes'])).toMatchObject({
      code: 4,
      out: expect.stringContaining('Held back.'),
    })
    const text = join(folder, 'scan.txt')
    writeFileSync(text, 'no findings')
    expect(await weir(['import', text, '--asset', 'quay'])).toMatchObject({
      code: 3,
      errors: expect.stringContaining('no report Weir knows'),
    })
    expect(await weir(['import', text, '--asset', 'quay', '--json'])).toMatchObject({
      code: 3,
      out: expect.stringContaining('"report_not_recognised"'),
    })
    expect(await weir(['import', report, '--asset', 'qay'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('Did you mean quay'),
    })
    expect(await weir(['import', report])).toMatchObject({ code: 2, errors: expect.stringContaining('--asset KEY') })
    expect(await weir(['import', join(folder, 'nothing'), '--asset', 'quay'])).toMatchObject({ code: 2 })
    expect(await weir(['import', report, '--asset', 'quay', '--speed', '9'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--speed'),
    })
    expect(await weir(['import', report, '--asset', 'quay'], { environment: { WEIR_PORT: 'x' } })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('WEIR_PORT'),
    })
    expect(await weir(['dance'])).toMatchObject({ code: 2, errors: expect.stringContaining('no command "dance"') })
  })

  test('asks which organization where there are several', async () => {
    const several = await createTestDatabase()
    try {
      await createImportFixture(several)
      await createImportFixture(several)
      const url = several.url
      expect(await weir(['import', report, '--asset', 'quay'], { url })).toMatchObject({
        code: 2,
        errors: expect.stringContaining('--organization'),
      })
      const [first] = await several.db.selectFrom('organization').select('organization_id').execute()
      expect(
        (await weir(['import', report, '--asset', 'quay', '--organization', first?.organization_id ?? ''], { url }))
          .code,
      ).toBe(0)
    } finally {
      await several.close()
    }
  })

  test('wants a token for another Weir, and says when nobody answers there', async () => {
    const remote = ['import', report, '--asset', 'quay', '--url', 'http://127.0.0.1:9']
    expect(await weir(remote)).toMatchObject({ code: 2, errors: expect.stringContaining('WEIR_TOKEN') })
    expect(await weir(remote, { environment: { WEIR_TOKEN: 'weir_x' } })).toMatchObject({
      code: 1,
      errors: expect.stringContaining('127.0.0.1'),
    })
    expect(await weir([...remote, '--token', 'weir_x', '--token-file', 'x'])).toMatchObject({ code: 2 })
    const elsewhere = ['import', report, '--asset', 'quay', '--url', 'http://weir.invalid', '--token', 'weir_x']
    expect((await weir(elsewhere)).errors).toContain('plain http')
    expect(await weir([...remote, '--token-file', join(folder, 'none')])).toMatchObject({
      code: 2,
      errors: `The token cannot be read from the file ${join(folder, 'none')}.`,
    })
    expect(await weir([...remote, '--token', '-'], { input: ' \n' })).toMatchObject({
      code: 2,
      errors: 'There is no token in standard input.',
    })
    expect(await weir(['import', report, '--asset', 'quay', '--token', 'weir_x'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--url or WEIR_URL'),
    })
  })
})

test('weir import sends a report to another Weir, and tells what that one says', async () => {
  const far = await createTestApp()
  try {
    const admin = await setUp(far)
    await admin.send('POST', '/api/v1/assets', { json: { key: 'quay', name: 'Quay' } })
    const made = await admin.send('POST', '/api/v1/api-tokens', {
      json: { name: 'ci', scopes: ['import'], expires_in_days: 7 },
    })
    const { token } = z.object({ token: z.string() }).parse(made.body)
    const remote = ['--url', far.url, '--token', '-']
    const input = `${token}\n`
    const dry = await weir(['import', report, '--asset', 'quay', ...remote, '--dry-run'], { input })
    expect(dry).toMatchObject({ code: 0, errors: '', out: expect.stringContaining('Dry run: nothing was') })
    expect((await admin.send('GET', '/api/v1/imports')).body).toMatchObject({ items: [] })
    const done = await weir(['import', report, '--asset', 'quay', ...remote, '--json'], { input })
    expect(done).toMatchObject({ code: 0, errors: '' })
    expect(reportImport.parse(JSON.parse(done.out))).toMatchObject({
      state: 'applied',
      counts: { new: 12 },
      source: 'cli',
    })
    expect(await weir(['import', report, '--asset', 'qay', ...remote], { input })).toMatchObject({
      code: 1,
      errors: expect.stringContaining('Did you mean quay'),
    })
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, input)
    const again = ['import', report, '--asset', 'quay', '--url', far.url]
    for (const environment of [{ WEIR_TOKEN: token }, { WEIR_TOKEN_FILE: tokenFile }])
      expect(await weir(again, { environment })).toMatchObject({ code: 0, errors: '' })
    expect(await weir([...again, '--token-file', tokenFile])).toMatchObject({ code: 0, errors: '' })
    // The option that shows it to the whole machine still works, and says what it does.
    const shown = await weir([...again, '--token', token])
    expect(shown).toMatchObject({ code: 0, errors: expect.stringMatching(/^Warning: --token shows the token/) })
    expect(shown.errors).not.toContain(token)
    expect(await weir(['import', report, '--asset', 'quay', '--url', far.url, '--token', 'weir_wrong'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('127.0.0.1'),
    })
    const text = join(folder, 'far.txt')
    writeFileSync(text, 'no findings')
    expect(await weir(['import', text, '--asset', 'quay', ...remote], { input })).toMatchObject({ code: 3 })
  } finally {
    await far.close()
  }
})

test('a backup restored into an empty database is the same Weir', async () => {
  const file = join(folder, 'all.weir')
  expect(await weir(['backup', file])).toMatchObject({ code: 0, out: expect.stringContaining('rows') })
  expect(await weir(['backup', file])).toMatchObject({ code: 1, errors: expect.stringContaining('exists already') })
  const bare = await createBareDatabase()
  try {
    expect(await weir(['restore', file], { url: bare.url })).toMatchObject({
      code: 0,
      out: expect.stringContaining('Restored as of'),
    })
    const count = async (database: OpenDatabase) =>
      (await database.pool.query('select number, title, status from vulnerability order by number')).rows
    expect(await weir(['restore', file], { url: bare.url })).toMatchObject({
      code: 1,
      errors: expect.stringContaining('not empty'),
    })
    expect(await count(bare)).toEqual(await count(open))
    // By now a process is connected.
    expect(await weir(['restore', file, '--wipe'], { url: bare.url })).toMatchObject({
      code: 1,
      errors: expect.stringContaining('A Weir is running on this database'),
    })
  } finally {
    await bare.close()
  }
})

test('a restore brings back no login, and API tokens only as long as nobody says otherwise', async () => {
  const { db } = open
  const user = { id: newId(), name: 'Noor', email: 'noor@quay.example' }
  await db.insertInto('auth_user').values(user).execute()
  const expires_at = new Date(Date.now() + 3600_000)
  await db
    .insertInto('auth_session')
    .values({ id: newId(), user_id: user.id, token: 'ended since', expires_at })
    .execute()
  const member = await db.selectFrom('member').select(['organization_id', 'id as member_id']).executeTakeFirstOrThrow()
  const token = { name: 'pipeline', prefix: 'weir_a', token_hash: 'h', scopes: ['import'], expires_at }
  await db
    .insertInto('api_token')
    .values({ ...member, id: newId(), ...token })
    .execute()
  const invitation = { email: 'kit@quay.example', role: 'admin' as const, token_hash: 'i', expires_at }
  await db
    .insertInto('invitation')
    .values({ organization_id: member.organization_id, id: newId(), ...invitation })
    .execute()
  const file = join(folder, 'logins.weir')
  await weir(['backup', file])
  for (const { args, said, usable } of [
    {
      args: [],
      said: /All logins and open invitations have ended.*One API token works again.*--revoke-tokens/s,
      usable: 1,
    },
    {
      args: ['--revoke-tokens'],
      said: /All logins and open invitations have ended.*No API token can be used/s,
      usable: 0,
    },
  ]) {
    const bare = await createBareDatabase()
    try {
      expect(await weir(['restore', file, ...args], { url: bare.url })).toMatchObject({
        code: 0,
        out: expect.stringMatching(said),
      })
      expect(await bare.db.selectFrom('auth_session').select('id').execute()).toEqual([])
      expect(await bare.db.selectFrom('auth_user').select('id').where('id', '=', user.id).execute()).toHaveLength(1)
      const open = bare.db.selectFrom('invitation').select('id').where('revoked_at', 'is', null)
      expect(await open.where('email', '=', invitation.email).execute()).toEqual([])
      const alive = await bare.db.selectFrom('api_token').select('id').where('revoked_at', 'is', null).execute()
      expect(alive).toHaveLength(usable)
    } finally {
      await bare.close()
    }
  }
})

test('a new organization comes with an invitation, and a forgotten password is replaced', async () => {
  const made = await weir(['organization', 'create', 'Pier', '--admin', 'Noor@pier.example'])
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/noor@pier\.example joins.*http/) })
  expect(await weir(['organization', 'create', 'Pier'])).toMatchObject({ code: 2 })
  expect(await weir(['user', 'reset-password', 'nobody@pier.example'])).toMatchObject({
    code: 1,
    errors: expect.stringContaining('nobody@pier.example'),
  })
})

test('doctor tells what it looked at, and migrate that there is nothing to do', async () => {
  expect(await weir(['doctor'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/ok +database: PostgreSQL \d+.*up to date/),
  })
  expect(await weir(['migrate'])).toMatchObject({ code: 0, out: 'The database is up to date.' })
  expect((await weir(['doctor'], { url: 'postgres://nobody@127.0.0.1:9/weir' })).code).toBe(1)
})

test('doctor and the start say when the key is not the one credentials were stored with', async () => {
  const house = await createTestDatabase()
  try {
    const { organizationId } = await createImportFixture(house)
    const former = randomBytes(32).toString('base64')
    const id = createNewId()()
    await house.db
      .insertInto('connection')
      .values({
        organization_id: organizationId,
        id,
        kind: 'bitbucket',
        auth_kind: 'api_token',
        name: 'Harbour',
        api_url: 'https://api.example',
        web_url: 'https://web.example',
        sealed_credential: createSecretBox([Buffer.from(former, 'base64')]).seal('secret', 'row'),
        state: 'active',
      })
      .execute()
    const { url } = house
    expect(await weir(['doctor'], { url })).toMatchObject({
      code: 1,
      out: expect.stringContaining('wrong database: The credential of one connection cannot be opened'),
    })
    const started = await createTestApp({ database: house })
    expect(started.logged()).toContain('cannot be opened with the present secret key')
    await started.close()
    expect((await weir(['doctor'], { url, environment: { WEIR_SECRET_KEY: former } })).code).toBe(0)
    const present = randomBytes(32).toString('base64')
    expect((await weir(['doctor'], { url, environment: { WEIR_SECRET_KEYS: `${present},${former}` } })).code).toBe(0)
  } finally {
    await house.close()
  }
})

describe('weir check-report', () => {
  test('says what a report holds, without a database', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none'
    const table = join(folder, 'own.csv')
    writeFileSync(table, 'Title;Severity;Suppressed;Berth\nFog;high;;1\nMist;low;known;2\n')
    const told = await weir(['check-report', table], { url })
    expect(told).toMatchObject({ code: 0, errors: '' })
    expect(told.out.split('\n')).toEqual([
      'Weir CSV (format weir-csv): 2 results',
      '  tool         Own findings',
      '  findings     1 (1 code)',
      '  high         1',
      '  suppressed   1',
      '  note: 1 column that Weir does not know: Berth.',
    ])
    const json = await weir(['check-report', table, '--json'], { url })
    expect(JSON.parse(json.out)).toMatchObject({ format: 'weir-csv', by_severity: { high: 1 }, skipped: [] })
  })

  test('tells every row that cannot be read, and ends with the code of a refused report', async () => {
    const table = join(folder, 'faulty.csv')
    writeFileSync(table, 'title,severity\n,high\nFog,soon\n')
    expect(await weir(['check-report', table])).toMatchObject({
      code: 3,
      errors: expect.stringContaining('line 2 has no title; line 3 has the unknown severity "soon"'),
    })
    expect(await weir(['check-report', join(folder, 'none')])).toMatchObject({ code: 2 })
    for (const words of [
      ['check-report', table],
      ['compare', table, table],
      ['import', table, '--asset', 'quay'],
    ])
      expect(await weir([...words, '--format', 'paper'])).toMatchObject({
        code: 2,
        errors: expect.stringMatching(/^--format paper: choose one of sarif, .*weir-csv/),
      })
  })
})
