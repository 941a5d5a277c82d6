import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, basic } from '../try-api.ts'

let simulator: Simulator
let folder: string
let main: string
const run = promisify(execFile)

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  folder = await mkdtemp(join(tmpdir(), 'archives-'))
  const branch = await askAs(simulator, 'mara-lind')('GET', '/repositories/meadow-goods/ledger-core/refs/branches/main')
  main = String(branch.at('target', 'hash'))
})
afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

function person(username: string) {
  const found = simulator.users.find((one) => one.username === username)
  if (found === undefined) throw new Error(`nobody is called ${username}`)
  return found
}

async function get(name: string, headers: Record<string, string> = {}, slug = 'ledger-core') {
  return await fetch(`${simulator.web}/meadow-goods/${slug}/get/${name}`, { headers, redirect: 'manual' })
}

const asTomas = () => ({ authorization: basic(person('tomas-okoye').email, person('tomas-okoye').api_token) })

describe('an archive', () => {
  test.each([
    ['zip', 'application/zip', ['unzip', '-Z1']],
    ['tar.gz', 'application/x-gzip', ['tar', '-tzf']],
    ['tar.bz2', 'application/x-bzip2', ['tar', '-tjf']],
  ])('%s has everything below one folder', async (format, type, [list = '', ...options]) => {
    const reply = await get(`main.${format}`, asTomas())
    const name = `meadow-goods-ledger-core-${main.slice(0, 12)}`
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type])
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="${name}.${format}"`)
    const path = join(folder, `main.${format}`)
    await writeFile(path, Buffer.from(await reply.arrayBuffer()))
    const { stdout } = await run(list, [...options, path])
    const files = stdout.split('\n').filter((line) => line !== '')
    expect(files).toContain(`${name}/README.md`)
    expect(files.filter((line) => !line.startsWith(`${name}/`))).toEqual([])
  })

  test('is of a branch with a slash, a tag, or a commit', async () => {
    for (const revision of ['bugfix/booked-only', 'bugfix%2Fbooked-only', '3.1.0', main, main.slice(0, 8)]) {
      const reply = await get(`${revision}.zip`, asTomas())
      expect([revision, reply.status]).toEqual([revision, 200])
      await reply.arrayBuffer()
    }
  })

  test('holds what git has', async () => {
    const path = join(folder, 'files.tar.gz')
    await writeFile(path, Buffer.from(await (await get(`${main}.tar.gz`, asTomas())).arrayBuffer()))
    await run('tar', ['-xzf', path, '-C', folder])
    const read = await readFile(join(folder, `meadow-goods-ledger-core-${main.slice(0, 12)}`, 'README.md'), 'utf8')
    const api = await askAs(simulator, 'mara-lind')('GET', '/repositories/meadow-goods/ledger-core/src/main/README.md')
    expect(read).toBe(api.text)
  })

  test.each(['none.zip', 'main.rar', 'main', '.zip', 'main..bugfix%2Fbooked-only.zip', '--help.zip'])(
    'of %s is not there',
    async (name) => {
      expect((await get(name, asTomas())).status).toBe(404)
    },
  )
})

describe('rights', () => {
  test('are those of reading, with credentials as the API and as git take them', async () => {
    const { api_token, email } = person('tomas-okoye')
    const good = [basic(email, api_token), `Bearer ${api_token}`, basic('x-bitbucket-api-token-auth', api_token)]
    for (const authorization of good) expect((await get('main.zip', { authorization })).status).toBe(200)
    expect((await get('main.zip', { authorization: basic(email, 'wrong') })).status).toBe(401)
    const piet = person('piet-oosten')
    expect((await get('main.zip', { authorization: basic(piet.email, piet.api_token) })).status).toBe(403)
    const own = simulator.sim.credentials.find(({ token }) => token === api_token)
    if (own === undefined) throw new Error('Tomas has no token')
    simulator.sim.credentials.push({ ...own, token: 'no-code', scopes: ['read:user:bitbucket'] })
    expect((await get('main.zip', { authorization: 'Bearer no-code' })).status).toBe(403)
    expect((await get('main.zip', asTomas(), 'no-such-place')).status).toBe(404)
  })

  test('without credentials lead to the login, except where anybody may read', async () => {
    const asked = await get('main.zip')
    expect([asked.status, asked.headers.get('location')]).toEqual([
      303,
      `/account/signin/?next=${encodeURIComponent('/meadow-goods/ledger-core/get/main.zip')}`,
    ])
    const repository = simulator.sim.repositories.find(({ slug }) => slug === 'platform-infra')
    if (repository === undefined) throw new Error('nothing is planted')
    repository.isPrivate = false
    expect((await get('main.zip', {}, 'platform-infra')).status).toBe(200)
  })

  test('count against the budget of raw files', async () => {
    simulator.switches.rateLimits.raw = 0
    expect((await get('main.zip', asTomas())).status).toBe(429)
    simulator.switches.rateLimits.raw = 5000
    expect((await askAs(simulator, 'tomas-okoye')('GET', '/user')).status).toBe(200)
  })
})
