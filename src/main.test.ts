import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const dataFolder = mkdtempSync(join(tmpdir(), 'weir-main-'))
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataFolder, { recursive: true, force: true })
})

type Started = { child: ChildProcess; output: () => string; ended: Promise<number | null> }

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      WEIR_DATA_FOLDER: dataFolder,
      WEIR_PORT: '0',
      WEIR_LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  return { child, output: () => text, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

async function printed(started: Started, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const match = pattern.exec(started.output())
    if (match !== null) return match[1] ?? match[0]
    if (started.child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`It did not print ${pattern}:\n${started.output()}`)
}

describe('weir', () => {
  it('names every mistake of the configuration and ends with 2', async () => {
    const started = start({ WEIR_PORT: 'eighty', WEIR_ROLES: 'boss', WEIR_PUBLIK_URL: 'http://x' })
    expect(await started.ended).toBe(2)
    for (const text of ['3 mistakes', 'WEIR_PORT', 'WEIR_ROLES', 'The nearest is WEIR_PUBLIC_URL'])
      expect(started.output()).toContain(text)
  })

  it('starts empty, refuses a second one on its folder, shares it with a worker, stops at once, and starts again', {
    timeout: 60_000,
  }, async () => {
    const first = start({})
    const url = await printed(first, /running at (http:\S+)/)
    const token = await printed(first, /Setup token: (\S+)/)
    const second = start({})
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`Another Weir serves the data folder ${dataFolder}`)
    const worker = start({ WEIR_ROLES: 'worker' })
    await printed(worker, /working as worker/)
    const person = {
      organization_name: 'Harbour',
      name: 'Ada',
      email: 'ada@example.com',
      password: 'copper kettle and tide gauge',
    }
    const made = await fetch(`${url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...person, setup_token: token }),
    })
    expect(made.status).toBe(201)
    const startedMs = performance.now()
    for (const { child } of [worker, first]) child.kill('SIGTERM')
    expect(await Promise.all([worker.ended, first.ended])).toEqual([0, 0])
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    const again = start({})
    const anew = await printed(again, /running at (http:\S+)/)
    expect(again.output()).not.toContain('Setup token')
    expect(await (await fetch(`${anew}/api/v1/setup`)).json()).toMatchObject({ needed: false })
    again.child.kill('SIGTERM')
    expect(await again.ended).toBe(0)
  })
})
