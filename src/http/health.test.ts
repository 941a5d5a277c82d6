import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, createTestClient, type TestApp } from '../../test/app.ts'
import { createTestDatabase } from '../../test/database.ts'
import { openDatabase } from '../store/db.ts'

const webFolder = mkdtempSync(join(tmpdir(), 'weir-web-'))
let test: TestApp
beforeAll(async () => {
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>page</title>')
  test = await createTestApp({ webFolder, config: { isMetricsOn: true } })
})
afterAll(async () => {
  await test.close()
  rmSync(webFolder, { recursive: true })
})

const get = async (path: string, app = test) => createTestClient(app.url).send('GET', path)

describe('readiness', () => {
  it('names the page when it is not built', async () => {
    const bare = await createTestApp({ database: test.database, webFolder: join(webFolder, 'none') })
    const ready = await get('/health/ready', bare)
    expect([ready.status, ready.body]).toEqual([
      503,
      {
        status: 'failing',
        failing: ['web_assets'],
        parts: {
          database: { ok: true },
          migrations: { ok: true },
          web_assets: { ok: false, problem: 'the page is not built: run npm run build' },
        },
      },
    ])
    await bare.close()
  })

  it('names the migrations when the database is older than this Weir', async () => {
    const { pool } = test.database
    const last = await pool.query(
      'delete from weir_migration where number = (select max(number) from weir_migration) returning *',
    )
    const ready = await get('/health/ready')
    expect([ready.status, ready.body]).toMatchObject([
      503,
      { failing: ['migrations'], parts: { migrations: { ok: false, problem: '1 migrations have not run' } } },
    ])
    const row: { number: number; name: string; checksum: string } = last.rows[0]
    await pool.query('insert into weir_migration (number, name, checksum) values ($1, $2, $3)', [
      row.number,
      row.name,
      row.checksum,
    ])
    expect((await get('/health/ready')).status).toBe(200)
  })
})

/** A line of a sample: name, labels, value. https://prometheus.io/docs/instrumenting/exposition_formats/ */
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const sample = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:${label}(?:,${label})*,?)?\\})? (NaN|[+-]?Inf|[-+\\d.e]+)$`,
)

function readSamples(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  const described = new Set<string>()
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const about = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line)
    if (about !== null) {
      expect(described.has(`${about[1]} ${about[2]}`), line).toBe(false)
      described.add(`${about[1]} ${about[2]}`)
      continue
    }
    const read = sample.exec(line)
    expect(read, line).not.toBeNull()
    const [, name = '', labels = '', value] = read ?? []
    const family = name.replace(/_(bucket|sum|count)$/, '')
    expect(described.has(`TYPE ${name}`) || described.has(`TYPE ${family}`), line).toBe(true)
    expect(samples.has(name + labels), line).toBe(false)
    samples.set(name + labels, Number(value))
  }
  return samples
}

describe('metrics', () => {
  it('are no address at all unless switched on', async () => {
    const off = await createTestApp({ database: test.database, webFolder })
    expect((await get('/metrics', off)).status).toBe(404)
    await off.close()
  })

  it('are what Prometheus reads, with every figure described and none twice', async () => {
    await get('/some/page')
    await get('/api/v1/setup')
    const answer = await get('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const samples = readSamples(answer.text)
    expect(samples.get('weir_database_up')).toBe(1)
    expect(samples.get('weir_live_streams')).toBe(0)
    expect(samples.size).toBeGreaterThan(40)
  })
})

it('without its database Weir lives, is not ready, names the parts, and still measures', async () => {
  const database = await createTestDatabase()
  const lost = await createTestApp({ database, webFolder, config: { isMetricsOn: true } })
  const name = new URL(database.url.replace(/\/\/([^/]*@)?\//, '//localhost/')).pathname.slice(1)
  const admin = await openDatabase({ url: test.database.url }, { poolSize: 1 })
  await admin.pool.query(`alter database ${name} with allow_connections false`)
  await admin.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  expect((await get('/health/live', lost)).status).toBe(200)
  const ready = await get('/health/ready', lost)
  const away = { ok: false, problem: 'cannot be reached' }
  expect([ready.status, ready.body]).toEqual([
    503,
    {
      status: 'failing',
      failing: ['database', 'migrations'],
      parts: { database: away, migrations: away, web_assets: { ok: true } },
    },
  ])
  const measured = await get('/metrics', lost)
  expect([measured.status, readSamples(measured.text).get('weir_database_up')]).toEqual([200, 0])
  await admin.pool.query(`alter database ${name} with allow_connections true`)
  await admin.close()
  await lost.close()
  await database.close()
})
