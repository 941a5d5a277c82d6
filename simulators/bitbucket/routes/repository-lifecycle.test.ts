import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { gitEnvironment } from '../git/run-git.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let receiver: Receiver
let folder: string
let mara: Ask
let tomas: Ask
let piet: Ask
const ws = '/repositories/meadow-goods'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  folder = await mkdtemp(join(tmpdir(), 'lifecycle-'))
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  piet = askAs(simulator, 'piet-oosten')
  await mara('POST', '/workspaces/meadow-goods/hooks', {
    url: receiver.url,
    events: ['repo:created', 'repo:deleted', 'repo:fork', 'repo:updated', 'repo:push'],
  })
})
afterEach(async () => {
  await simulator.flush()
  receiver.caught.length = 0
  Object.assign(simulator.switches, defaultSwitches())
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
  await rm(folder, { recursive: true, force: true })
})

async function events(): Promise<unknown[]> {
  await simulator.flush()
  return receiver.caught.map((one) => one.headers['x-event-key'])
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd, env: gitEnvironment })).stdout
}

function cloneUrl(slug: string): string {
  const user = simulator.users.find((one) => one.username === 'mara-lind')
  const url = new URL(`${simulator.web}/meadow-goods/${slug}.git`)
  url.username = 'mara-lind'
  url.password = user?.api_token ?? ''
  return url.href
}

async function pushFirst(slug: string, branch: string): Promise<void> {
  const work = join(folder, slug)
  await git(folder, 'clone', '-q', cloneUrl(slug), work)
  await git(work, 'checkout', '-q', '-b', branch)
  await writeFile(join(work, 'README.md'), '# New\n')
  await git(work, 'add', '.')
  await git(work, '-c', 'user.name=Mara', '-c', 'user.email=mara@meadow-goods.example', 'commit', '-q', '-m', 'Start')
  await git(work, 'push', '-q', 'origin', branch)
}

describe('a new repository', () => {
  test('is empty, private like its project, the oldest where none is named, and announced', async () => {
    const made = await mara('POST', `${ws}/plum-tart`, { scm: 'git', description: 'Sweet' })
    expect(made.status).toBe(200)
    expect(made.body).toMatchObject({
      slug: 'plum-tart',
      name: 'plum-tart',
      description: 'Sweet',
      is_private: true,
      fork_policy: 'no_public_forks',
      mainbranch: null,
      parent: null,
      size: 0,
      project: { key: 'SHOP' },
    })
    expect(await events()).toEqual(['repo:created'])
    expect(at(receiver.caught[0]?.body, 'repository', 'full_name')).toBe('meadow-goods/plum-tart')
    for (const path of ['commits', 'refs', 'pullrequests', 'downloads'])
      expect([path, (await mara('GET', `${ws}/plum-tart/${path}`)).values]).toEqual([path, []])
  })

  test('takes its main branch from the first push', async () => {
    await mara('POST', `${ws}/pear-tart`, { project: { key: 'FIN' } })
    await pushFirst('pear-tart', 'trunk')
    const repository = await mara('GET', `${ws}/pear-tart`)
    expect(repository.at('mainbranch', 'name')).toBe('trunk')
    expect(repository.at('project', 'key')).toBe('FIN')
    expect(await events()).toEqual(['repo:created', 'repo:push'])
    expect((await git(folder, 'ls-remote', '--symref', cloneUrl('pear-tart'), 'HEAD')).split('\t')[0]).toBe(
      'ref: refs/heads/trunk',
    )
    const missing = await mara('PUT', `${ws}/pear-tart`, { mainbranch: { name: 'nowhere' } })
    expect([missing.status, missing.at('error', 'fields', 'mainbranch')]).toEqual([400, ['branch not found: nowhere']])
  })

  test('is made by PUT too, which changes it the second time', async () => {
    const made = await mara('PUT', `${ws}/fig-tart`, { description: 'one' })
    expect([made.status, made.at('description')]).toEqual([201, 'one'])
    const changed = await mara('PUT', `${ws}/fig-tart`, { description: 'two', project: { key: 'LABS' } })
    expect([changed.status, changed.at('description'), changed.at('project', 'key')]).toEqual([200, 'two', 'LABS'])
    expect(await events()).toEqual(['repo:created', 'repo:updated'])
    expect(at(receiver.caught[1]?.body, 'changes')).toEqual({ description: { old: 'one', new: 'two' } })
  })

  test('may inherit from its project when the switch says so', async () => {
    expect((await mara('POST', `${ws}/own-settings`, {})).at('override_settings', 'branching_model')).toBe(true)
    simulator.switches.newRepositoriesInherit = true
    expect((await mara('POST', `${ws}/inherited`, {})).at('override_settings')).toEqual({
      default_merge_strategy: false,
      branching_model: false,
    })
  })

  test.each([
    ['a name that is taken', 'ledger-core', {}, 'Repository with this Slug and Owner already exists.'],
    ['capitals', 'Ledger', {}, /^Invalid slug\./],
    ['a space', 'a%20b', {}, /^Invalid slug\./],
    ['63 characters', 'a'.repeat(63), {}, /^Invalid slug\./],
    ['an unknown project', 'new-one', { project: { key: 'NONE' } }, 'Bad request'],
    ['another scm', 'new-one', { scm: 'hg' }, 'Bad request'],
    ['an unknown fork policy', 'new-one', { fork_policy: 'some' }, 'Bad request'],
    ['a public one in a private project', 'new-one', { is_private: false }, 'Bad request'],
    ['an issue tracker', 'new-one', { has_issues: true }, 'Issue trackers can no longer be enabled.'],
  ])('is refused for %s', async (_why, slug, body, message) => {
    const reply = await mara('POST', `${ws}/${slug}`, body)
    expect(reply.status).toBe(400)
    expect(reply.at('error', 'message')).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    expect(await events()).toEqual([])
  })

  test('needs the right to make one in the project', async () => {
    for (const ask of [tomas, piet]) {
      const refused = await ask('POST', `${ws}/of-tomas`, { project: { key: 'LABS' } })
      expect([refused.status, refused.at('error', 'message')]).toEqual([
        400,
        "You can't create repositories under this project",
      ])
    }
    const tomasId = simulator.users.find((one) => one.username === 'tomas-okoye')?.uuid ?? ''
    const grant = `/workspaces/meadow-goods/projects/LABS/permissions-config/users/${encodeURIComponent(tomasId)}`
    expect((await mara('PUT', grant, { permission: 'create-repo' })).status).toBe(200)
    expect((await tomas('POST', `${ws}/of-tomas`, { project: { key: 'LABS' } })).status).toBe(200)
    // Who makes a repository administers it.
    expect((await tomas('PUT', `${ws}/of-tomas`, { description: 'mine' })).status).toBe(200)
    expect((await mara('POST', `/repositories/nowhere/x`, {})).status).toBe(404)
  })
})

describe('a fork', () => {
  test('is a clone with a parent, listed there, announced at the parent', async () => {
    const made = await mara('POST', `${ws}/ledger-core/forks`, {
      name: 'Ledger Copy',
      workspace: { slug: 'meadow-goods' },
      project: { key: 'LABS' },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      slug: 'ledger-copy',
      name: 'Ledger Copy',
      language: 'java',
      project: { key: 'LABS' },
      parent: { full_name: 'meadow-goods/ledger-core' },
      mainbranch: { name: 'main' },
    })
    expect(await events()).toEqual(['repo:fork'])
    expect(at(receiver.caught[0]?.body, 'repository', 'full_name')).toBe('meadow-goods/ledger-core')
    expect(at(receiver.caught[0]?.body, 'fork', 'parent', 'full_name')).toBe('meadow-goods/ledger-core')
    const [own, parents] = await Promise.all(
      ['ledger-copy', 'ledger-core'].map(async (slug) => (await mara('GET', `${ws}/${slug}/commits`)).at('values')),
    )
    expect(at({ own }, 'own')).toHaveLength(Array.isArray(parents) ? parents.length : -1)
    const forks = await mara('GET', `${ws}/ledger-core/forks?q=project.key="LABS"&fields=values.slug`)
    expect(forks.values).toEqual([{ slug: 'ledger-copy' }])
    expect((await piet('GET', `${ws}/ledger-core/forks`)).status).toBe(403)
    expect((await mara('GET', `${ws}/ledger-copy/watchers`)).values).toMatchObject([{ display_name: 'Mara Lind' }])
  })

  test('outlives its parent', async () => {
    await mara('POST', `${ws}/short-lived`, {})
    await pushFirst('short-lived', 'main')
    await mara('POST', `${ws}/short-lived/forks`, { name: 'long-lived' })
    expect((await mara('DELETE', `${ws}/short-lived`)).status).toBe(204)
    const left = await mara('GET', `${ws}/long-lived`)
    expect(left.at('parent')).toBeNull()
    expect((await mara('GET', `${ws}/long-lived/commits`)).values).toHaveLength(1)
  })

  test('needs another name in the same workspace, and the leave of the parent', async () => {
    expect((await mara('POST', `${ws}/ledger-core/forks`)).status).toBe(400)
    const open = await mara('POST', `${ws}/ledger-core/forks`, { name: 'open', is_private: false })
    expect(open.at('error', 'fields', 'is_private')).toBeTruthy()
    await mara('PUT', `${ws}/ledger-core`, { fork_policy: 'no_forks' })
    expect((await mara('POST', `${ws}/ledger-core/forks`, { name: 'no' })).status).toBe(403)
    expect((await mara('POST', `${ws}/ledger-core/forks`, { workspace: { slug: 'none' } })).status).toBe(404)
  })
})

describe('a deleted repository', () => {
  test('is gone with its git folder and hooks; the browser is told where it went', async () => {
    await mara('POST', `${ws}/old-place`, {})
    await mara('POST', `${ws}/old-place/hooks`, { url: receiver.url, events: ['repo:push'] })
    const directory = simulator.sim.repositories.find((one) => one.slug === 'old-place')?.directory ?? ''
    expect(existsSync(directory)).toBe(true)
    expect((await tomas('DELETE', `${ws}/old-place`)).status).toBe(403)
    const moved = await mara('DELETE', `${ws}/old-place?redirect_to=https://example.org/new-place`)
    expect(moved.status).toBe(204)
    const gone = await mara('GET', `${ws}/old-place`)
    expect([gone.status, gone.at('error', 'message')]).toEqual([404, 'Repository meadow-goods/old-place not found'])
    expect((await mara('DELETE', `${ws}/old-place`)).status).toBe(404)
    expect(existsSync(directory)).toBe(false)
    expect(simulator.sim.hooks).toHaveLength(1)
    expect(await events()).toEqual(['repo:created', 'repo:deleted'])
    const login = await fetch(`${simulator.web}/account/signin/`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ username: 'mara-lind', password: 'mara' }),
    })
    const page = await fetch(`${simulator.web}/meadow-goods/old-place`, {
      headers: { cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '' },
    })
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('https://example.org/new-place')])
  })
})
