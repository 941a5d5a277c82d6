import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase } from './db.ts'

const isRoot = process.getuid?.() === 0
let folder: string
let dataFolder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-place-'))
  // What lies above the data folder is open to all, as /var/lib is.
  chmodSync(folder, 0o755)
  dataFolder = join(folder, 'data')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** On the path is only what changes owners, so root cannot make a user namespace. */
function hideUnshare(): void {
  const programs = join(folder, 'programs')
  if (!existsSync(programs)) spawnSync('mkdir', [programs])
  symlinkSync('/bin/chown', join(programs, 'chown'))
  vi.stubEnv('PATH', programs)
}

const serverPid = () => Number(readFileSync(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])

/** What a process with this user and group is told when it tries to get at the server. */
function intrude(identity: { uid?: number; gid?: number }): Record<string, string> {
  const script = `
    const fs = require('node:fs'), [root, pid] = process.argv.slice(1)
    const told = {}
    const ask = (name, work) => { try { work(); told[name] = 'allowed' } catch (error) { told[name] = error.code } }
    ask('files', () => fs.readdirSync(root + '/data'))
    ask('key', () => fs.readFileSync(root + '/../secret.key'))
    ask('memory', () => fs.readFileSync('/proc/' + pid + '/maps'))
    ask('signal', () => process.kill(Number(pid), 0))
    const socket = require('node:net').connect(root + '/run/.s.PGSQL.5432')
    const done = (answer) => { told.socket = answer; console.log(JSON.stringify(told)); process.exit() }
    socket.on('connect', () => done('allowed')).on('error', (error) => done(error.code))`
  const args = ['-e', script, join(dataFolder, 'postgres'), String(serverPid())]
  const done = spawnSync(process.execPath, args, { ...identity, cwd: '/', encoding: 'utf8' })
  return JSON.parse(done.stdout)
}

const shut = { files: 'EACCES', key: 'EACCES', memory: 'EACCES', signal: 'EPERM', socket: 'EACCES' }
const allowed = { files: 'allowed', key: 'allowed', memory: 'allowed', signal: 'allowed', socket: 'allowed' }
const nobody = { uid: 65_534, gid: 65_534 }

/** The bits by which others than the owner get into the folders that hold the data and the socket. */
function bitsForOthers(): number[] {
  return ['', 'postgres', 'postgres/data', 'postgres/run'].map((name) => statSync(join(dataFolder, name)).mode & 0o077)
}

describe('the embedded PostgreSQL', () => {
  it('is reached by the user of Weir and by nobody else on the machine', async () => {
    const open = await openDatabase({ dataFolder })
    writeFileSync(join(dataFolder, 'secret.key'), 'x', { mode: 0o600 })
    expect(bitsForOthers()).toEqual([0, 0, 0, 0])
    expect(intrude({})).toEqual(allowed)
    if (isRoot) expect(intrude(nobody)).toEqual(shut)
    await open.close()
  })

  it('has a user of its own where root cannot keep it, so that other processes of nobody get nowhere', async () => {
    hideUnshare()
    const open = await openDatabase({ dataFolder })
    writeFileSync(join(dataFolder, 'secret.key'), 'x', { mode: 0o600 })
    expect((await open.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    const passes = isRoot ? 0o010 : 0
    expect(bitsForOthers()).toEqual([passes, passes, 0, 0])
    expect(intrude({})).toEqual(allowed)
    if (isRoot) expect(intrude(nobody)).toEqual(shut)
    await open.close()
  })

  it('goes on when the way it is run changes, and shuts its folders again', async () => {
    const first = await openDatabase({ dataFolder })
    await first.pool.query('create table kept as select 7 as value')
    await first.close()
    hideUnshare()
    const second = await openDatabase({ dataFolder })
    expect((await second.pool.query('select value from kept')).rows).toEqual([{ value: 7 }])
    await second.close()
    vi.unstubAllEnvs()
    const third = await openDatabase({ dataFolder })
    expect((await third.pool.query('select value from kept')).rows).toEqual([{ value: 7 }])
    expect(bitsForOthers().slice(1)).toEqual([0, 0, 0])
    if (isRoot) expect(intrude(nobody)).toMatchObject({ files: 'EACCES', memory: 'EACCES', socket: 'EACCES' })
    await third.close()
  })
})
