import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'

const root = resolve(import.meta.dirname, '..', '..')
const startLimitMs = 60_000
const stopLimitMs = 15_000

export type RunningProcess = { stop: () => Promise<void> }

function stopper(child: ChildProcess): () => Promise<void> {
  return () =>
    new Promise((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done()
      const hard = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
      child.once('exit', () => {
        clearTimeout(hard)
        done()
      })
      child.kill('SIGTERM')
    })
}

function onLine(stream: Readable | null, read: (line: string) => void): void {
  let rest = ''
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) read(line)
  })
}

/** Resolves with the first line of the child's output that `pick` turns into something. */
function waitForLine<Found>(
  child: ChildProcess,
  name: string,
  pick: (line: string) => Found | undefined,
): Promise<Found> {
  return new Promise((found, failed) => {
    const seen: string[] = []
    let isFound = false
    const limit = setTimeout(
      () => failed(new Error(`${name} did not start within ${startLimitMs / 1000} s:\n${seen.join('\n')}`)),
      startLimitMs,
    )
    const read = (line: string) => {
      if (isFound) return
      seen.push(line)
      const value = pick(line)
      if (value === undefined) return
      isFound = true
      clearTimeout(limit)
      found(value)
    }
    onLine(child.stdout, read)
    onLine(child.stderr, read)
    child.once('exit', (code) => {
      clearTimeout(limit)
      failed(new Error(`${name} ended with ${code}:\n${seen.slice(-20).join('\n')}`))
    })
  })
}

/** What the simulator prints of itself (simulators/bitbucket/README.md). */
export type SimulatorFacts = {
  api: string
  web: string
  /** null: shut. */
  control: string | null
  mode: '2026' | 'legacy'
  workspace: { slug: string; uuid: string }
  users: { username: string; email: string; password: string; display_name: string; role: string; api_token: string }[]
  oauth_consumer: { key: string; secret: string }
}

export async function startSimulatorProcess(options: {
  mode: string
  port: number
  seed: number
  /** Where the process is noted as soon as it exists, so that it is stopped also when starting fails. */
  running: RunningProcess[]
}): Promise<SimulatorFacts> {
  const args = [
    'simulators/bitbucket/main.ts',
    '--port',
    String(options.port),
    '--mode',
    options.mode,
    '--seed',
    String(options.seed),
    '--control',
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  options.running.push({ stop: stopper(child) })
  return waitForLine(child, 'the simulated Bitbucket', (line): SimulatorFacts | undefined =>
    line.startsWith('{"api"') ? JSON.parse(line) : undefined,
  )
}

/** Starts Weir as `npm start` does, pointed at the simulator; answers with its address and its setup token. */
export async function startWeirProcess({
  dataFolder,
  port,
  facts,
  running,
  onSetup,
}: {
  dataFolder: string
  port: number
  facts: SimulatorFacts
  running: RunningProcess[]
  /** Called with the line that says how to set Weir up anew, after somebody wiped it. */
  onSetup?: (line: string) => void
}): Promise<{ baseUrl: string; setupToken: string }> {
  const env = {
    ...process.env,
    WEIR_DEMO: '1',
    WEIR_DATA_FOLDER: dataFolder,
    WEIR_PORT: String(port),
    WEIR_PUBLIC_URL: `http://localhost:${port}`,
    WEIR_BITBUCKET_API_URL: facts.api,
    WEIR_BITBUCKET_WEB_URL: facts.web,
    WEIR_ALLOWED_PRIVATE_ADDRESSES: '127.0.0.1/32',
  }
  Reflect.deleteProperty(env, 'DATABASE_URL')
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push({ stop: stopper(child) })
  const setupToken = await waitForLine(child, 'Weir', (line) => /setup token: (\S+)/i.exec(line)?.[1])
  onLine(child.stdout, (line) => {
    if (line.startsWith('Weir is empty.')) onSetup?.(line)
  })
  await waitUntilReady(`http://127.0.0.1:${port}/health/ready`)
  return { baseUrl: `http://localhost:${port}`, setupToken }
}

async function waitUntilReady(url: string): Promise<void> {
  const until = Date.now() + startLimitMs
  while (Date.now() < until) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((later) => setTimeout(later, 100))
  }
  throw new Error(`${url} did not become ready`)
}

/** A free port of the loopback interface; `wanted` when nobody has it. */
export function freePort(wanted: number): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', () => (wanted === 0 ? failed(new Error('no free port')) : freePort(0).then(found, failed)))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : wanted))
    })
  })
}
