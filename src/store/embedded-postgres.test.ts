import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase } from './db.ts'

const inserter = fileURLToPath(new URL('../../test/insert-rows.ts', import.meta.url))
let made: string
let folder: string
let children: ChildProcess[]

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'weir-made-'))
  await (await openDatabase({ dataFolder: made })).close()
})
afterAll(() => rm(made, { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-embedded-'))
  await cp(made, folder, { recursive: true })
  children = []
})
afterEach(async () => {
  for (const child of children) await kill(child)
  // Whoever opens last stops the server, also one that a killed process left behind.
  await (await openDatabase({ dataFolder: folder })).close()
  if (serverPid() !== undefined) throw new Error('the last one out did not stop the server')
  await rm(folder, { recursive: true })
})

function serverPid(): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return undefined
  }
}

function runningPid(): number {
  const pid = serverPid()
  if (pid === undefined) throw new Error('no server runs')
  return pid
}

function startInserter(role: 'server' | 'guest', first: number, path = process.env['PATH']) {
  const args = [inserter, folder, role, String(first)]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path },
  })
  children.push(child)
  let out = ''
  let problem = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
  // A killed process may leave half a line; without its end it was not acknowledged to anybody.
  return { child, acknowledged: () => out.split('\n').slice(0, -1).map(Number), problem: () => problem }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await gone
}

async function readNumbers(): Promise<Set<number>> {
  const open = await openDatabase({ dataFolder: folder })
  const found = await open.pool.query<{ number: number }>('select number from row_of_test')
  await open.close()
  return new Set(found.rows.map((row) => row.number))
}

describe('embedded PostgreSQL', () => {
  it('keeps data checksums, fsync and UTF-8, and listens on no network', async () => {
    const open = await openDatabase({ dataFolder: folder })
    const names = ['data_checksums', 'fsync', 'synchronous_commit', 'server_encoding', 'listen_addresses', 'TimeZone']
    const found = await open.pool.query(
      `select ${names.map((name) => `current_setting('${name}') as "${name}"`).join()}`,
    )
    expect(found.rows[0]).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '',
      TimeZone: 'UTC',
    })
    await open.close()
  })

  it('refuses a second server of the folder, lets a worker in, and stops with the last one out', async () => {
    const server = await openDatabase({ dataFolder: folder, asServer: true })
    await expect(openDatabase({ dataFolder: folder, asServer: true })).rejects.toMatchObject({
      code: 'database_in_use',
    })
    const worker = await openDatabase({ dataFolder: folder })
    await server.close()
    expect((await worker.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    const next = await openDatabase({ dataFolder: folder, asServer: true })
    await next.close()
    await worker.close()
    expect(serverPid()).toBeUndefined()
  })

  it('refuses a second server process and leaves the first one working', async () => {
    const first = startInserter('server', 0)
    await vi.waitFor(() => expect(first.acknowledged().length).toBeGreaterThan(3), { timeout: 15_000 })
    const second = startInserter('server', 1_000_000)
    const code = await new Promise((done) => second.child.once('exit', done))
    expect(code).not.toBe(0)
    expect(second.problem()).toContain('database_in_use')
    const before = first.acknowledged().length
    await vi.waitFor(() => expect(first.acknowledged().length).toBeGreaterThan(before), { timeout: 5000 })
  })

  it('loses no acknowledged row when PostgreSQL is killed under load, and is back without help', async () => {
    const inserting = startInserter('server', 0)
    await vi.waitFor(() => expect(inserting.acknowledged().length).toBeGreaterThan(50), { timeout: 15_000 })
    for (let round = 0; round < 2; round++) {
      const pid = runningPid()
      process.kill(pid, 'SIGKILL')
      await vi.waitFor(() => expect(serverPid()).not.toBe(pid), { timeout: 60_000 })
      const before = inserting.acknowledged().length
      await vi.waitFor(() => expect(inserting.acknowledged().length).toBeGreaterThan(before + 50), { timeout: 60_000 })
    }
    await kill(inserting.child)
    const stored = await readNumbers()
    expect(inserting.acknowledged().filter((number) => !stored.has(number))).toEqual([])
    // Recovery takes its time on a machine with other work.
  }, 240_000)

  it('loses no acknowledged row when Weir, then both are killed; the next one takes the folder over', async () => {
    const first = startInserter('server', 0)
    await vi.waitFor(() => expect(first.acknowledged().length).toBeGreaterThan(50), { timeout: 15_000 })
    await kill(first.child)
    const second = startInserter('server', 1_000_000)
    await vi.waitFor(() => expect(second.acknowledged().length).toBeGreaterThan(50), { timeout: 15_000 })
    const pid = runningPid()
    second.child.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await kill(second.child)
    const stored = await readNumbers()
    const acknowledged = [...first.acknowledged(), ...second.acknowledged()]
    expect(acknowledged.filter((number) => !stored.has(number))).toEqual([])
  })

  it('starts although the pid file of a killed server names a process that is somebody else', async () => {
    await writeFile(join(folder, 'postgres/data/postmaster.pid'), `${process.pid}\n/elsewhere\n`)
    const open = await openDatabase({ dataFolder: folder })
    expect((await open.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await open.close()
  })

  it('runs where user namespaces are not to be had, and the folder moves between both ways', async () => {
    const programs = join(folder, 'programs')
    await mkdir(programs)
    await symlink('/bin/chown', join(programs, 'chown'))
    const inserting = startInserter('guest', 0, programs)
    await vi.waitFor(() => expect(inserting.acknowledged().length).toBeGreaterThan(3), { timeout: 15_000 })
    await kill(inserting.child)
    process.kill(runningPid(), 'SIGINT')
    await vi.waitFor(() => expect(serverPid()).toBeUndefined(), { timeout: 10_000 })
    const stored = await readNumbers()
    expect(inserting.acknowledged().filter((number) => !stored.has(number))).toEqual([])
  })

  it('works in a folder whose path is too long for a socket', async () => {
    const long = join(folder, 'x'.repeat(100))
    await mkdir(long)
    const one = await openDatabase({ dataFolder: long })
    const two = await openDatabase({ dataFolder: long })
    await one.close()
    expect((await two.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await two.close()
    await rm(readFileSync(join(long, 'postgres/sockets-folder'), 'utf8'), { recursive: true })
  })

  it('can be opened by five at once on an empty folder', async () => {
    await rm(join(folder, 'postgres'), { recursive: true })
    const all = await Promise.all(Array.from({ length: 5 }, () => openDatabase({ dataFolder: folder })))
    const answers = await Promise.all(all.map((open) => open.pool.query('select 1 as one')))
    expect(answers.map((answer) => answer.rows)).toEqual(all.map(() => [{ one: 1 }]))
    await Promise.all(all.map((open) => open.close()))
    expect(serverPid()).toBeUndefined()
  })
})
