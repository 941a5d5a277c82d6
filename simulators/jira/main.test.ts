import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { at, stringAt } from '../shared/json.ts'
import { openReceiver } from '../shared/receiver.ts'

// Each test starts processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 })

function start(...args: string[]) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), ...args])
  let out = ''
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8')
  })
  const printed = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8')
      if (out.includes('\n')) resolve()
    }),
  )
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, printed, ended, text: () => out, complaint: () => complaint }
}

test('prints one line of JSON, answers with what it says, and ends on SIGTERM', async () => {
  const { child, printed, ended, text } = start(
    '--',
    '--port',
    '0',
    '--seed',
    '9',
    '--control',
    '--callback',
    'http://127.0.0.1:9/a',
  )
  await printed
  expect(text().trim().split('\n')).toHaveLength(1)
  const said: unknown = JSON.parse(text())
  expect(said).toMatchObject({
    seed: 9,
    oauth_app: { callback_urls: ['http://127.0.0.1:9/a'] },
    projects: [{ key: 'SHOP' }, { key: 'LEDG' }],
  })
  const [user] = Object(at(said, 'users'))
  const authorization = `Basic ${Buffer.from(`${user.email}:${user.api_token}`).toString('base64')}`
  const me = await fetch(`${stringAt(said, 'site')}/rest/api/3/myself`, { headers: { authorization } })
  expect(me.status).toBe(200)
  expect((await fetch(`${stringAt(said, 'control')}`)).status).toBe(200)
  child.kill('SIGTERM')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('explains itself', async () => {
  const { ended, text } = start('--help')
  expect(await ended).toBe(0)
  expect(text()).toContain('--control')
})

test.each([
  [['--seed', 'many'], '--seed must be a whole number, not "many"'],
  [['--port', '70000'], '--port must be at most 65535, not 70000'],
  [['--callback', 'here'], '--callback must be an address, not "here"'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('refuses %j and says what it takes', async (args, problem) => {
  const { ended, complaint } = start(...args)
  expect(await ended).toBe(2)
  expect(complaint().split('\n\n')[0]).toBe(problem)
  expect(complaint()).toContain('usage: npm run simulator:jira')
})

test('says in a line that its port is in use', async () => {
  const busy = await openReceiver()
  const { ended, complaint } = start('--port', new URL(busy.url).port)
  expect(await ended).toBe(1)
  await busy.close()
  expect(complaint()).toMatch(/^Port \d+ is in use\. Choose another, or 0 for a free one\.\n$/)
})

test('the first steps of the README work as they stand there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-steps-'))
  const reserved = await openReceiver()
  await reserved.close()
  const steps = /### First steps by hand\n\n```\n(.*?)```/s.exec(
    readFileSync(new URL('README.md', import.meta.url), 'utf8'),
  )?.[1]
  const script = `set -m\n${steps}wait`
    .replaceAll('jira.json', join(folder, 'jira.json'))
    .replaceAll('8422', new URL(reserved.url).port)
  // Job control, as a terminal has it: `kill %1` ends npm and what it started.
  const done = spawnSync('bash', ['-c', script], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  rmSync(folder, { recursive: true })
  expect(done.stdout).toContain('"key":"SHOP-1"')
})
