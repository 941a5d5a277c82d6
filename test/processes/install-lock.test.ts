import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from './weir-process.ts'

const bootstrap = resolve(import.meta.dirname, '..', '..', 'bin', 'run.mjs')
let clone: string
let children: ChildProcess[]

/** Notes when it begins and ends, and takes its time between the two, as an installation does. */
const npm = `#!/bin/sh
echo "begin $$" >> "$CLONE/journal"
sleep 0.7
mkdir -p "$CLONE/node_modules"
echo "end $$" >> "$CLONE/journal"
`

beforeEach(() => {
  children = []
  clone = mkdtempSync(join(tmpdir(), 'weir-clone-'))
  mkdirSync(join(clone, 'bin'))
  mkdirSync(join(clone, 'programs'))
  copyFileSync(bootstrap, join(clone, 'bin', 'run.mjs'))
  writeFileSync(join(clone, 'package-lock.json'), '{}')
  writeFileSync(join(clone, 'hello.mjs'), 'console.log("hello")')
  writeFileSync(join(clone, 'programs', 'npm'), npm)
  chmodSync(join(clone, 'programs', 'npm'), 0o755)
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(clone, { recursive: true, force: true })
})

type Started = { child: ChildProcess; ended: Promise<{ code: number | null; stdout: string }> }

function start(path = [join(clone, 'programs'), process.env['PATH']].join(delimiter)): Started {
  const child = spawn(process.execPath, [join(clone, 'bin', 'run.mjs'), 'hello.mjs'], {
    env: { PATH: path, CLONE: clone },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  let stdout = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  return { child, ended: new Promise((done) => child.once('close', (code) => done({ code, stdout }))) }
}

function startMany(count: number): Started[] {
  return Array.from({ length: count }, () => start())
}

function journal(): string[] {
  const file = join(clone, 'journal')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

/** Each installation that began, ended before the next one began. */
function expectNoOverlap(): void {
  const lines = journal()
  expect(lines.length % 2).toBe(0)
  for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace('begin', 'end'))
}

const helloed = { code: 0, stdout: 'hello\n' }

describe('many first commands at once on a fresh clone', () => {
  it('install once, and all run', async () => {
    const all = startMany(8)
    expect(await Promise.all(all.map(async ({ ended }) => ended))).toEqual(all.map(() => helloed))
    expect(journal()).toHaveLength(2)
    expectNoOverlap()
  }, 30_000)

  it('wait for an npm whose command was killed, then install once', async () => {
    const first = start()
    await until('the installation to begin', () => journal().length === 1)
    const others = startMany(5)
    first.child.kill('SIGKILL')
    expect(await Promise.all(others.map(async ({ ended }) => ended))).toEqual(others.map(() => helloed))
    // The killed one could not vouch for what its npm had done, so it is done again, once.
    expect(journal()).toHaveLength(4)
    expectNoOverlap()
  }, 30_000)

  it('are not held up by a lock file whose holder is dead and its number somebody else’s', async () => {
    writeFileSync(join(clone, '.weir-installing'), String(process.pid))
    const all = startMany(3)
    expect(await Promise.all(all.map(async ({ ended }) => ended))).toEqual(all.map(() => helloed))
    expect(journal()).toHaveLength(2)
  }, 30_000)

  it('install once where Perl takes the lock', async () => {
    // On PATH are the shell's programs and Perl alone.
    for (const program of ['sh', 'sleep', 'mkdir', 'perl'])
      symlinkSync(`/usr/bin/${program}`, join(clone, 'programs', program))
    const all = Array.from({ length: 4 }, () => start(join(clone, 'programs')))
    expect(await Promise.all(all.map(async ({ ended }) => ended))).toEqual(all.map(() => helloed))
    expect(journal()).toHaveLength(2)
    expectNoOverlap()
  }, 30_000)

  it('install where the file system has no locks, instead of waiting for nobody', async () => {
    for (const program of ['sh', 'sleep', 'mkdir']) symlinkSync(`/usr/bin/${program}`, join(clone, 'programs', program))
    const flock = join(clone, 'programs', 'flock')
    writeFileSync(flock, '#!/bin/sh\nexit 66\n')
    chmodSync(flock, 0o755)
    expect(await start(join(clone, 'programs')).ended).toEqual(helloed)
    expect(journal()).toHaveLength(2)
  }, 30_000)

  it('leave the waiting to nobody when a waiter is killed', async () => {
    const first = start()
    await until('the installation to begin', () => journal().length === 1)
    const waiters = startMany(3)
    await until('the waiters to wait', () => waiters.every(({ child }) => hasChild(child.pid ?? 0)))
    waiters[0]?.child.kill('SIGKILL')
    const rest = [first, ...waiters.slice(1)]
    expect(await Promise.all(rest.map(async ({ ended }) => ended))).toEqual(rest.map(() => helloed))
    expect(journal()).toHaveLength(2)
  }, 30_000)
})

function hasChild(pid: number): boolean {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== ''
}

describe('a first command', () => {
  it('says so when there is no npm, and does not install where an image says not to', async () => {
    const run = (environment: Record<string, string>) => {
      const child = spawn(process.execPath, [join(clone, 'bin', 'run.mjs'), 'hello.mjs'], {
        env: { PATH: join(clone, 'nothing'), CLONE: clone, ...environment },
      })
      let text = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
      return new Promise((done) => child.once('close', (code) => done({ code, text })))
    }
    expect(await run({})).toEqual({ code: 1, text: expect.stringContaining('There is no npm here') })
    expect(await run({ WEIR_SKIP_INSTALL: 'on' })).toEqual({ code: 0, text: 'hello\n' })
  })
})
