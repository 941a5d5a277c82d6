import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'
import { userOf } from './try-api.ts'

// Fetches a package, which a slow registry takes its time for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const run = promisify(execFile)
const version = '6.2.0'
let simulator: Simulator
let folder: string

/**
 * The published package, unmodified. Only its code is unpacked, and zod, all it depends on, is the one that lies here:
 * `npm install` writes nine thousand files, most of them types, maps and sources, and takes three times as long.
 */
async function install(): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'jira.js'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  await run('npm', ['pack', `jira.js@${version}`, '--prefer-offline', '--loglevel=error'], { cwd: folder })
  const unpack = ['-xzf', `jira.js-${version}.tgz`, '-C', join(modules, 'jira.js'), '--strip-components=1']
  await run('tar', [...unpack, '--exclude=*.map', '--exclude=*.d.ts', '--exclude=package/src'], { cwd: folder })
  await symlink(dirname(fileURLToPath(import.meta.resolve('zod/package.json'))), join(modules, 'zod'))
  await cp(fileURLToPath(new URL('fixtures/drive-jira-js.mjs', import.meta.url)), join(folder, 'drive.mjs'))
}

beforeAll(async () => {
  simulator = await startSimulator()
  folder = await mkdtemp(join(tmpdir(), 'jira-js-'))
  await install()
})
afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

const expected = {
  me: 'Ines Calder',
  projects: ['LEDG', 'SHOP'],
  required: ['summary', 'issuetype', 'project', 'customfield_10042'],
  createdIsDate: true,
  marker: { finding: 42 },
  comments: ['first, changed'],
  status: 'Being assessed',
  found: 1,
  pages: [2, 1],
  afterDelete: 404,
  invalid: { status: 400, errors: { labels: "The label 'two words' contains spaces which is invalid." } },
}

test('jira.js, with its schemas enforced, does a tracker’s work: with an API token, and with one of OAuth at the gateway', async () => {
  const { email, api_token: apiToken } = userOf(simulator, 'ines')
  const { sim } = simulator
  const person = sim.people.find((one) => one.email === email)
  if (person === undefined) throw new Error('Ines is missing')
  const scopes = ['read:jira-work', 'write:jira-work', 'read:jira-user']
  const oauth = { expiresAt: null, isRevoked: false, clientId: 'app', grantId: 'grant' }
  sim.credentials.push({ kind: 'oauth', token: 'access', person, scopes, ...oauth })
  const clients = [
    { host: simulator.site, auth: { type: 'basic', email, apiToken } },
    { host: simulator.gateway, auth: { type: 'bearer', token: 'access' } },
  ]
  const { stdout } = await run(process.execPath, ['drive.mjs', 'jira.js', JSON.stringify(clients)], { cwd: folder })
  expect(JSON.parse(stdout)).toEqual([
    { ...expected, created: 'LEDG-3' },
    { ...expected, created: 'LEDG-4' },
  ])
  expect(simulator.requests.filter((one) => one.credential === 'oauth').length).toBeGreaterThan(15)
})
