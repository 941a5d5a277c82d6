import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/db.ts'
import { findServerPid } from '../../src/store/postgres-process.ts'
import { createBareDatabase } from '../database.ts'
import { type Ended, killLeftProcesses, launchWeir, runCli, runToEnd, until } from './weir-process.ts'

let folder: string
let data: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-failed-start-'))
  data = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
afterAll(killLeftProcesses)

const start = async (environment: Record<string, string>): Promise<Ended> =>
  runToEnd(['src/main.ts'], { WEIR_DATA_FOLDER: data, WEIR_PORT: '0', WEIR_LOG_LEVEL: 'error', ...environment })

function expectSentence(ended: Ended, sentence: RegExp): void {
  expect(ended.stderr).toMatch(sentence)
  expect(ended.stderr.trim().split('\n')).toHaveLength(1)
  expect(ended.stdout + ended.stderr).not.toMatch(/^\s+at /m)
  expect(ended.code).toBe(1)
}

/** Whether a PostgreSQL runs in the data folder. */
const hasServer = (): boolean => findServerPid(join(data, 'postgres', 'data')) !== undefined

describe('a start that fails', () => {
  it('says which port is in use, and leaves no PostgreSQL behind', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => other.once('listening', done))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expectSentence(
      await start({ WEIR_PORT: String(port) }),
      new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\. Stop what uses it, or set WEIR_PORT\\.$`, 'm'),
    )
    expect(hasServer()).toBe(false)
    other.close()
  })

  it('says so when it cannot listen on the address', async () => {
    expectSentence(await start({ WEIR_HOST: 'weir.invalid' }), /^Weir cannot listen on weir\.invalid .*Set WEIR_HOST/)
    expect(hasServer()).toBe(false)
  })

  it('says which data folder cannot be made, also to a command', async () => {
    writeFileSync(data, 'a file')
    const inside = join(data, 'below')
    for (const environment of [{}, { WEIR_DATA_FOLDER: inside }])
      expectSentence(await start(environment), new RegExp(`^${data}(/below)? cannot be opened or made`))
    const command = await runCli(['migrate'], { WEIR_DATA_FOLDER: inside })
    expectSentence(command, new RegExp(`^${data}.* cannot be opened or made`))
  })

  it('says which rights the database user lacks, with the commands that give them', async () => {
    const bare = await createBareDatabase()
    const role = `guest_${process.pid}`
    await bare.pool.query(`create role ${role} login`)
    const url = bare.url.replace(/\/\/[^@/]*@/, `//${role}@`)
    try {
      const refused = await start({ DATABASE_URL: url })
      expectSentence(refused, new RegExp(`^The user ${role} may not make Weir's tables`))
      const grants = /run there: (.*)\.$/m.exec(refused.stderr)?.[1]?.split('; ') ?? []
      expect(grants).toHaveLength(2)
      for (const grant of grants) await bare.pool.query(grant)
      const migrated = await runCli(['migrate'], { DATABASE_URL: url, WEIR_DATA_FOLDER: data })
      expect(migrated).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Applied: 0001/) })
    } finally {
      await bare.pool.query(`drop owned by ${role}; drop role ${role}`)
      await bare.close()
    }
  })

  it('says so when the database is not in UTF-8', async () => {
    const bare = await createBareDatabase()
    const name = `weir_ascii_${process.pid}`
    await bare.pool.query(`create database ${name} encoding 'SQL_ASCII' locale 'C' template template0`)
    try {
      const url = bare.url.replace(/weir_test_\w+/, name)
      expectSentence(await start({ DATABASE_URL: url }), /is encoded in SQL_ASCII; Weir needs UTF8: CREATE DATABASE/)
    } finally {
      await bare.pool.query(`drop database ${name}`)
      await bare.close()
    }
  })
})

describe('a stop', () => {
  it('asked for while Weir still starts leaves no PostgreSQL behind', async () => {
    const weir = launchWeir({ WEIR_DATA_FOLDER: data, WEIR_PORT: '0' })
    await until('the data folder to be made', () => existsSync(join(data, 'postgres', 'start.lock')))
    weir.child.kill('SIGTERM')
    expect(await weir.ended).toBe(0)
    expect(weir.output()).not.toContain('Weir is running')
    expect(hasServer()).toBe(false)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('asked for twice by %s is one stop in order', async (signal) => {
    const weir = launchWeir({ WEIR_DATA_FOLDER: data, WEIR_PORT: '0' })
    await until('Weir to run', () => weir.output().includes('Weir is running'))
    weir.child.kill(signal)
    weir.child.kill('SIGINT')
    await sleep(30)
    weir.child.kill('SIGTERM')
    expect(await weir.ended).toBe(0)
    expect(weir.output().match(/"stopping"/g)).toHaveLength(1)
    expect(hasServer()).toBe(false)
  })
})

describe('Ctrl+C on a command', () => {
  it('while its PostgreSQL starts ends it as shells expect, and leaves no PostgreSQL behind', async () => {
    const command = launchWeir({ WEIR_DATA_FOLDER: data }, ['src/cli.ts', 'migrate'])
    await until('the data folder to be made', () => existsSync(join(data, 'postgres', 'start.lock')))
    command.child.kill('SIGINT')
    await sleep(30)
    command.child.kill('SIGINT')
    expect(await command.ended).toBe(130)
    expect(command.output()).toMatch(/^Stopping …\n/)
    expect(hasServer()).toBe(false)
  })

  it('while it waits for the database breaks it off', async () => {
    const open = await openDatabase({ dataFolder: data })
    const holder = await open.pool.connect()
    // The lock of the migrations.
    await holder.query('select pg_advisory_lock(7203114)')
    const command = launchWeir({ WEIR_DATA_FOLDER: data }, ['src/cli.ts', 'migrate'])
    await until('the command to wait', async () => {
      const waiting = await open.pool.query(`select 1 from pg_stat_activity where wait_event = 'advisory'`)
      return waiting.rowCount === 1
    })
    const askedMs = performance.now()
    command.child.kill('SIGTERM')
    expect(await command.ended).toBe(143)
    expect(performance.now() - askedMs).toBeLessThan(5000)
    expect(command.output()).not.toMatch(/^\s+at /m)
    holder.release(true)
    await open.close()
    expect(hasServer()).toBe(false)
  })
})
