import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn } from '../../contract/access/session.ts'
import { checkConnection } from '../../contract/remotes/connections.ts'
import { listVulnerabilities } from '../../contract/security/vulnerabilities.ts'
import { sendVulnerability } from '../../contract/sync/defects.ts'
import { toSarif } from '../../scripts/demo/reports.ts'
import { openDatabase } from '../../src/store/db.ts'
import { adminLogin, type ConnectedWeir, startConnectedWeir, storefront } from './connected-weir.ts'
import { startLoad } from './load.ts'
import { killLeftProcesses, runCli, runToEnd, startWeir, until } from './weir-process.ts'

let world: ConnectedWeir

beforeAll(async () => {
  world = await startConnectedWeir()
}, 60_000)
afterAll(async () => {
  await world.close()
  await killLeftProcesses()
})

const total = async () => (await world.admin.call(listVulnerabilities)).total

async function writeReport(name: string): Promise<string> {
  const place = { rule: 'JS-1', title: name, cwe: 79, severity: 'low', path: `src/${name}.js`, line: 1, snippet: name }
  const file = join(world.dataFolder, `${name}.sarif`)
  await writeFile(file, toSarif([place], 'a'.repeat(40)))
  return file
}

/** Rows by table, but what every start, look and send moves by itself. */
async function fingerprint(): Promise<Record<string, string>> {
  const open = await openDatabase({ dataFolder: world.dataFolder }, { poolSize: 1 })
  try {
    const tables = ['organization', 'member', 'connection', 'repository', 'asset', 'import', 'finding', 'vulnerability']
    const more = ['vulnerability_event', 'message', 'message_link', 'defect', 'delivery', 'webhook', 'audit_event']
    const sums: Record<string, string> = {}
    for (const table of [...tables, ...more]) {
      const found = await open.pool.query<{ sum: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as sum from ${table} t`,
      )
      sums[table] = found.rows[0]?.sum ?? ''
    }
    return sums
  } finally {
    await open.close()
  }
}

describe('a data folder', () => {
  it('belongs to one Weir: a second start says so in a sentence and ends with 1', async () => {
    const second = await runToEnd(['src/main.ts'], { ...world.environment, WEIR_PORT: '0' })
    expect(second.code).toBe(1)
    expect(second.stderr.trim()).toBe(
      `Another Weir serves the data folder ${world.dataFolder}. Stop it first, or set WEIR_DATA_FOLDER to another folder.`,
    )
  }, 30_000)

  it('is shared by a worker process and by commands while Weir runs, and by commands when it does not', async () => {
    const worker = await startWeir({ ...world.environment, WEIR_ROLES: 'worker' })
    const [beside, doctor] = await Promise.all([
      runCli(['import', await writeReport('beside'), '--asset', storefront, '--partial', '--json'], world.environment),
      runCli(['doctor'], world.environment),
    ])
    expect([beside.code, JSON.parse(beside.stdout).state]).toEqual([0, 'applied'])
    expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringContaining('schema up to date')])
    expect(await total()).toBe(1)
    expect((await worker.stop()).code).toBe(0)
    expect((await world.weir().stop()).code).toBe(0)
    const file = await writeReport('alone')
    const alone = await runCli(['import', file, '--asset', storefront, '--partial', '--json'], world.environment)
    expect([alone.code, JSON.parse(alone.stdout).state]).toEqual([0, 'applied'])
    await world.start()
    expect(await total()).toBe(2)
  }, 60_000)
})

describe('a backup', () => {
  const file = () => join(world.dataFolder, '..', `${world.dataFolder.split('/').at(-1)}.backup`)
  afterAll(async () => rm(file(), { force: true }))

  it('is made under load, and after a wipe Weir stands where the backup stood', async () => {
    const found = await world.importStorefront()
    const id = found.find((one) => one.severity === 'critical')?.id ?? found[0]?.id ?? ''
    await world.admin.call(sendVulnerability, { params: { id }, body: {} })
    const load = startLoad(world, [id])
    await until('some writes', () => load.messages.acknowledged.length > 2 && load.imports.acknowledged.length > 1)
    const before = { imports: [...load.imports.acknowledged], messages: [...load.messages.acknowledged] }
    const made = await runCli(['backup', file(), '--json'], world.environment)
    await load.stop()
    expect([made.code, JSON.parse(made.stdout).rows.vulnerability]).toEqual([0, expect.any(Number)])
    await world.weir().stop()
    await rename(join(world.dataFolder, 'postgres'), join(world.dataFolder, 'former'))
    const restored = await runCli(['restore', file(), '--json'], world.environment)
    expect([restored.code, restored.stderr]).toEqual([0, ''])
    expect(JSON.parse(restored.stdout).rows).toEqual(JSON.parse(made.stdout).rows)
    const text = JSON.stringify(await backupLines())
    expect([...before.imports, ...before.messages].filter((mark) => !text.includes(mark))).toEqual([])
    await world.start()
    await expect(world.admin.call(listVulnerabilities)).rejects.toThrow('Log in')
    await world.admin.call(logIn, { body: adminLogin })
    expect((await world.admin.call(checkConnection, { params: { id: world.connectionId } })).state).toBe('active')
    // What was sent after the backup is found again in Bitbucket, not made again.
    const asked = load.messages.asked
    await until('the thread to come to rest', () => before.messages.every((mark) => world.countRemote(mark) > 0))
    expect(asked.filter((mark) => world.countRemote(mark) > 1)).toEqual([])
  }, 90_000)

  const backupLines = async () => gunzipSync(readFileSync(file())).toString('utf8').split('\n')

  it('is not put into a database that a running Weir uses, nor over rows without --wipe', async () => {
    const running = await runCli(['restore', file(), '--wipe'], world.environment)
    expect([running.code, running.stderr]).toEqual([1, expect.stringMatching(/Another Weir .*Stop it/)])
    expect(await total()).toBeGreaterThan(0)
    await world.weir().stop()
    const full = await runCli(['restore', file()], world.environment)
    expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/not empty.*--wipe/)])
  }, 60_000)

  it('that is none, cut off, or of a newer Weir is refused in a sentence, and changes nothing', async () => {
    const before = await fingerprint()
    const lines = await backupLines()
    const header = JSON.parse(lines[0] ?? '')
    header.migrations.push({ number: 9999, name: '9999-later', checksum: 'x' })
    const files: [string, Buffer, RegExp][] = [
      ['none', Buffer.from('hello'), /not a whole backup/],
      ['cut-off', readFileSync(file()).subarray(0, -500), /not a whole backup/],
      ['newer', gzipSync([JSON.stringify(header), ...lines.slice(1)].join('\n')), /9999-later.*newer Weir/],
    ]
    const done = await Promise.all(
      files.map(async ([name, bytes]) => {
        const path = join(world.dataFolder, name)
        await writeFile(path, bytes)
        return path
      }),
    )
    for (const [index, path] of [...done, '/nowhere/at-all'].entries()) {
      const { code, stderr } = await runCli(['restore', path, '--wipe'], world.environment)
      expect([path, code]).toEqual([path, 1])
      expect(stderr).toMatch(files[index]?.[2] ?? /no file \/nowhere/)
      expect(stderr).not.toMatch(/ at .*\.ts:/)
    }
    expect(await fingerprint()).toEqual(before)
  }, 60_000)

  it('and restore with --wipe give the same rows, whatever was there before', async () => {
    const done = await runCli(['restore', file(), '--wipe'], world.environment)
    expect(done.code).toBe(0)
    const first = await fingerprint()
    expect((await runCli(['restore', file(), '--wipe'], world.environment)).code).toBe(0)
    expect(await fingerprint()).toEqual(first)
  }, 60_000)
})

describe('the secret key', () => {
  it('changes with the old one beside it, and the connection still works', async () => {
    const old = readFileSync(join(world.dataFolder, 'secret.key'), 'utf8').trim()
    const fresh = randomBytes(32).toString('base64')
    const weir = await world.start({ WEIR_SECRET_KEYS: `${fresh},${old}` })
    // Session cookies are signed with what the first key gives, so everybody logs in again.
    await world.admin.call(logIn, { body: adminLogin })
    expect((await world.admin.call(checkConnection, { params: { id: world.connectionId } })).state).toBe('active')
    for (const secret of [old, fresh]) expect(weir.output()).not.toContain(secret)
  }, 30_000)
})
