import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own. */
export type Child = { url: string; pid: number; said: string; stop: () => Promise<void> }

const startsWithinMs = 60_000

/**
 * Starts a script of this repository and waits for the line of its output that `ready` finds; its first group is the
 * address, `said` all of the output until then.
 */
export async function startChild(
  script: string,
  env: Record<string, string>,
  ready: RegExp,
  args: readonly string[] = [],
): Promise<Child> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { url, said } = await waitFor(child, ready)
    return { url: url.replace('//localhost', '//127.0.0.1'), said, pid: child.pid ?? 0, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}

async function waitFor(child: ChildProcess, ready: RegExp): Promise<{ url: string; said: string }> {
  const { stdout } = child
  if (stdout === null) throw new Error('The child has no output.')
  const limit = AbortSignal.timeout(startsWithinMs)
  const ended = once(child, 'exit', { signal: limit }).then(([code]) => {
    throw new Error(`The child ended with ${String(code)} before it was ready.`)
  })
  const found = new Promise<{ url: string; said: string }>((resolve) => {
    let text = ''
    stdout.on('data', (chunk) => {
      text += String(chunk)
      const match = ready.exec(text)
      if (match !== null) resolve({ url: match[1] ?? '', said: text })
    })
  })
  ended.catch(() => undefined)
  return Promise.race([found, ended])
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 12_000)
  await ended
  clearTimeout(timer)
}
