import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { at, stringAt } from '../shared/json.ts'

// Each test starts processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 })

test('prints one line of JSON, answers, and leaves nothing behind on SIGTERM', async () => {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('main.ts', import.meta.url)),
    '--repositories',
    '0',
    '--mode',
    'legacy',
    '--seed',
    '9',
    '--control',
    '--public-links',
  ])
  let out = ''
  const printed = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8')
      if (out.includes('\n')) resolve()
    }),
  )
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await printed
  expect(out.trim().split('\n')).toHaveLength(1)
  const said: unknown = JSON.parse(out)
  expect(said).toMatchObject({
    mode: 'legacy',
    seed: 9,
    workspace: { slug: 'meadow-goods' },
    oauth_consumer: { key: expect.any(String) },
  })
  const events: unknown = await (await fetch(`${stringAt(said, 'api')}/hook_events`)).json()
  expect(at(events, 'repository', 'links', 'events', 'href')).toBe(
    'https://api.bitbucket.org/2.0/hook_events/repository',
  )
  const answer: unknown = await (await fetch(`${stringAt(said, 'control')}`)).json()
  const folder = stringAt(answer, 'git_root') ?? ''
  expect(existsSync(folder)).toBe(true)
  child.kill('SIGTERM')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(existsSync(folder)).toBe(false)
})

test('explains every option in 80 columns, and is shut to control unless asked', async () => {
  for (const [file, args, options] of [
    ['main.ts', ['--help'], ['port', 'mode', 'seed', 'repositories', 'from', 'callback', 'public-links', 'control']],
    ['main.ts', ['generate', '--help'], ['scale', 'out', 'seed']],
    ['../jira/main.ts', ['--help'], ['port', 'seed', 'callback', 'control']],
  ] as const) {
    const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args])
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    for (const option of [...options, 'help']) expect(said).toContain(`\n  --${option} `)
    expect(said.split('\n').filter((line) => line.length > 80)).toEqual([])
  }
})

test.each([
  ['--seed', '3'],
  ['--repositories', '2'],
])('refuses %s beside --from', async (...option) => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--from', 'shop.workspace', ...option])
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2)
  expect(said).toContain(`${option[0]} does not go with --from: the file has its own`)
})

test('refuses a mode it does not know', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), '--mode', '2020'])
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2)
})

test('says what it takes to an option it does not know, without a stack trace', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), '--bogus'])
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2)
  expect(said).toMatch(/^Unknown option '--bogus'\n\nA simulated Bitbucket Cloud/)
})

test('an end in the middle of starting is clean too', async () => {
  // A folder of its own: other simulators make theirs in the usual one.
  const temporary = await mkdtemp(join(tmpdir(), 'ended-simulator-'))
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), '--repositories', '60'], {
    env: { ...process.env, TMPDIR: temporary },
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const isPlanted = (name: string) => existsSync(join(temporary, name, 'README'))
  while (!readdirSync(temporary).some(isPlanted)) await sleep(5)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(readdirSync(temporary)).toEqual([])
  await rm(temporary, { recursive: true })
})
