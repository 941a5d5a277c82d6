import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '..', '..')
const startWithinMs = 60_000

export type Environment = Readonly<Record<string, string>>

/** A Weir in a process of its own, as `npm start` makes it. */
export type WeirProcess = {
  pid: number
  child: ChildProcess
  /** Origin it listens on; empty for a worker alone. */
  url: string
  setupToken: string | undefined
  /** Milliseconds from the start of the process to its first word. */
  startedInMs: number
  /** Everything it wrote, to standard output and error. */
  output: () => string
  /** SIGTERM; answers the exit code and how long it took. */
  stop: () => Promise<{ code: number | null; ms: number }>
  /** kill -9. */
  kill: () => Promise<void>
}

/** What ended by itself. */
export type Ended = { code: number | null; stdout: string; stderr: string; ms: number; peakMb: number }

const running = new Set<ChildProcess>()

/** For `afterAll`: nothing that a test started outlives it. */
export async function killLeftProcesses(): Promise<void> {
  const left = [...running]
  for (const child of left) child.kill('SIGKILL')
  await Promise.all(left.map(async (child) => endOf(child)))
}

/** Kept where `bin/run.mjs` keeps it. */
const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'weir-compile')

/** Only what a test names reaches the process: settings of the machine do not. */
function launch(args: readonly string[], environment: Environment): ChildProcess {
  const { PATH = '', TMPDIR, HOME } = process.env
  const env = {
    PATH,
    NODE_COMPILE_CACHE,
    WEIR_LOG_LEVEL: 'info',
    ...(TMPDIR && { TMPDIR }),
    ...(HOME && { HOME }),
    ...environment,
  }
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  return new Promise((done) => child.once('exit', (code) => done(code)))
}

/** A Weir, or a command, that is not waited for. */
export function launchWeir(
  environment: Environment,
  args: readonly string[] = ['src/main.ts'],
): {
  child: ChildProcess
  output: () => string
  ended: Promise<number | null>
} {
  const child = launch(args, environment)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  return { child, output: () => text, ended: endOf(child) }
}

export async function startWeir(environment: Environment): Promise<WeirProcess> {
  const begunMs = performance.now()
  const { child, output } = launchWeir(environment)
  while (!/^Weir is (running at|working as)/m.test(output())) {
    if (child.exitCode !== null || performance.now() - begunMs > startWithinMs)
      throw new Error(`Weir did not start (exit code ${child.exitCode}):\n${output()}`)
    await sleep(10)
  }
  return {
    pid: child.pid ?? 0,
    child,
    url: /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1] ?? '',
    setupToken: /Setup token: (\S+)/.exec(output())?.[1],
    startedInMs: performance.now() - begunMs,
    output,
    stop: async () => {
      const askedMs = performance.now()
      child.kill('SIGTERM')
      const code = await endOf(child)
      return { code, ms: performance.now() - askedMs }
    },
    kill: async () => {
      child.kill('SIGKILL')
      await endOf(child)
    },
  }
}

/** Runs a script to its end: `src/main.ts` that is refused, or `src/cli.ts` with a command. */
export async function runToEnd(args: readonly string[], environment: Environment, limitMs = 60_000): Promise<Ended> {
  const begunMs = performance.now()
  const child = launch(args, environment)
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => (text.stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (text.stderr += String(chunk)))
  let peakMb = 0
  const watch = setInterval(() => (peakMb = Math.max(peakMb, peakMemoryMb(child.pid ?? 0))), 100)
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
  const code = await new Promise<number | null>((done) => child.once('close', (ended) => done(ended)))
  clearTimeout(limit)
  clearInterval(watch)
  return { code, ...text, ms: performance.now() - begunMs, peakMb }
}

export async function runCli(args: readonly string[], environment: Environment, limitMs?: number): Promise<Ended> {
  return runToEnd(['src/cli.ts', ...args], environment, limitMs)
}

/** Most memory a process had resident so far, by the kernel's own count; 0 when it is gone. */
export function peakMemoryMb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** The postmaster of a data folder. */
export function postgresPid(dataFolder: string): number {
  return Number(readFileSync(join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Ends the embedded server of a folder whose Weir was killed, and waits until its last process left the folder. */
export async function endPostgres(dataFolder: string): Promise<void> {
  const place = join(dataFolder, 'postgres', 'data')
  try {
    process.kill(postgresPid(dataFolder), 'SIGQUIT')
  } catch {
    return
  }
  for (let tries = 0; tries < 200 && isSomebodyIn(place); tries++) await sleep(25)
}

function isSomebodyIn(place: string): boolean {
  const lines = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
  return lines.some((line) => line.includes('postgres') && line.includes(place))
}

/** A port nobody listens on now; a Weir that is killed and started again has to keep its address. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

/** Looks again until there is an answer; fails with the name of what it waited for. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  limitMs = 30_000,
): Promise<Found> {
  const endMs = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > endMs) throw new Error(`Waited ${limitMs / 1000} s for: ${what}`)
    await sleep(50)
  }
}
