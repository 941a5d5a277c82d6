import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'
import { userOf } from './try-api.ts'

// Installs a package, which a slow registry takes its time for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const run = promisify(execFile)
const version = '6.2.0'
let simulator: Simulator
let folder: string

beforeAll(async () => {
  simulator = await startSimulator({ control: true })
  folder = await mkdtemp(join(tmpdir(), 'jira-js-'))
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefer-offline', '--loglevel=error']
  await run('npm', ['install', `jira.js@${version}`, ...flags], { cwd: folder })
  await cp(fileURLToPath(new URL('fixtures/drive-jira-js.mjs', import.meta.url)), join(folder, 'drive.mjs'))
})
afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

async function drive(host: string, auth: object): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['drive.mjs', JSON.stringify({ host, auth })], { cwd: folder })
  const said: unknown = JSON.parse(stdout)
  return said
}

const expected = {
  me: 'Sync Service',
  projects: ['LEDG', 'SHOP'],
  required: ['summary', 'issuetype', 'project', 'customfield_10042'],
  created: expect.stringMatching(/^LEDG-\d+$/),
  createdIsDate: true,
  marker: { finding: 42 },
  comments: ['first, changed'],
  status: 'Being assessed',
  found: 1,
  pages: [2, 1],
  afterDelete: 404,
  invalid: { status: 400, errors: { labels: "The label 'two words' contains spaces which is invalid." } },
}

test('jira.js, unmodified and with its schemas enforced, does a tracker’s work with an API token', async () => {
  const { email, api_token: apiToken } = userOf(simulator, 'ines')
  expect(await drive(simulator.site, { type: 'basic', email, apiToken })).toEqual({ ...expected, me: 'Ines Calder' })
})

test('and at the gateway with the token of a consent', async () => {
  const { sim } = simulator
  const person = sim.people.find((one) => one.email.startsWith('ines@'))
  if (person === undefined) throw new Error('Ines is missing')
  const scopes = ['read:jira-work', 'write:jira-work', 'read:jira-user']
  sim.credentials.push({
    kind: 'oauth',
    token: 'access',
    person,
    scopes,
    expiresAt: null,
    isRevoked: false,
    clientId: 'x',
    grantId: 'y',
  })
  expect(await drive(simulator.gateway, { type: 'bearer', token: 'access' })).toEqual({
    ...expected,
    me: 'Ines Calder',
  })
})
