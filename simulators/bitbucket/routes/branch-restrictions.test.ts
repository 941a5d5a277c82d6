import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

let simulator: Simulator
const clones: Clone[] = []
let mara: Ask
let tomas: Ask
let yuki: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const ledger = '/repositories/meadow-goods/ledger-core'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  simulator.switches.rateLimits.api = 10_000
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  yuki = askAs(simulator, 'yuki-brandt')
})
afterAll(async () => {
  await simulator.close()
  for (const one of clones) await one.close()
})

async function clone(username: string, slug: string): Promise<Clone> {
  const opened = await openClone(simulator, { username, slug })
  clones.push(opened)
  return opened
}

async function commit(work: Clone, name: string): Promise<void> {
  await work.commit(name, { [name]: `${name}\n` })
}

describe('a branch restriction', () => {
  async function restrict(base: string, body: object): Promise<() => Promise<unknown>> {
    const made = await mara('POST', `${base}/branch-restrictions`, body)
    expect(made.status).toBe(201)
    return async () => await mara('DELETE', `${base}/branch-restrictions/${made.at('id')}`)
  }

  test('of pushes lets through only those it names, over git and the API', async () => {
    const lift = await restrict(shop, {
      kind: 'push',
      pattern: 'main*',
      users: [{ username: 'mara-lind' }],
      groups: [],
    })
    const work = await clone('tomas-okoye', 'storefront-api')
    await commit(work, 'one.txt')
    await expect(work.git('push', 'origin', 'main')).rejects.toThrow(
      /remote: Permission denied to update branch main\.[^]*pre-receive hook declined/,
    )
    await work.git('push', '-q', 'origin', 'main:feature/one')
    const branch = { name: 'main-2', target: { hash: 'main' } }
    expect((await tomas('POST', `${shop}/refs/branches`, branch)).status).toBe(403)
    expect((await mara('POST', `${shop}/refs/branches`, branch)).status).toBe(201)
    const file = new FormData()
    file.append('branch', 'main')
    file.append('three.txt', 'three')
    expect((await tomas('POST', `${shop}/src`, file)).status).toBe(403)
    const owners = await clone('mara-lind', 'storefront-api')
    await commit(owners, 'two.txt')
    await owners.git('push', '-q', 'origin', 'main')
    await lift()
    expect((await tomas('DELETE', `${shop}/refs/branches/main-2`)).status).toBe(204)
  })

  test('of groups lets their people through', async () => {
    const lift = await restrict(shop, { kind: 'push', pattern: 'rel/*', groups: [{ slug: 'developers' }] })
    const branch = { name: 'rel/1', target: { hash: 'main' } }
    expect((await mara('POST', `${shop}/refs/branches`, branch)).status).toBe(403)
    expect((await tomas('POST', `${shop}/refs/branches`, branch)).status).toBe(201)
    await lift()
  })

  test('of deletion binds everybody; of rewriting only who rewrites', async () => {
    const lifts = [
      await restrict(shop, { kind: 'delete', branch_match_kind: 'branching_model', branch_type: 'feature' }),
      await restrict(shop, { kind: 'force', pattern: 'feature/*' }),
    ]
    const work = await clone('mara-lind', 'storefront-api')
    await work.git('checkout', '-q', '-b', 'feature/kept')
    await commit(work, 'first.txt')
    await work.git('push', '-q', 'origin', 'feature/kept')
    await commit(work, 'second.txt')
    await work.git('push', '-q', 'origin', 'feature/kept')
    await work.git('commit', '-q', '--amend', '-m', 'rewritten')
    await expect(work.git('push', '-f', 'origin', 'feature/kept')).rejects.toThrow(/Permission denied to update branch/)
    await expect(work.git('push', 'origin', ':feature/kept')).rejects.toThrow(/Permission denied to update branch/)
    expect((await mara('DELETE', `${shop}/refs/branches/feature/kept`)).status).toBe(403)
    for (const lift of lifts) await lift()
    await work.git('push', '-q', '-f', 'origin', 'feature/kept')
    expect((await mara('DELETE', `${shop}/refs/branches/feature/kept`)).status).toBe(204)
  })

  test('of merges stops who is not named, and enforced checks everybody', async () => {
    const [pull = ''] = await openPulls(ledger)
    const lift = await restrict(ledger, { kind: 'restrict_merges', pattern: '*', users: [], groups: [] })
    expect((await mara('POST', `${pull}/merge`, {})).status).toBe(403)
    await lift()
    await restrict(ledger, { kind: 'require_approvals_to_merge', pattern: '*', value: 3 })
    await restrict(ledger, { kind: 'enforce_merge_checks', pattern: '*' })
    expect((await mara('POST', `${pull}/merge`, {})).status).toBeGreaterThanOrEqual(400)
    for (const ask of [mara, tomas, yuki]) await ask('POST', `${pull}/approve`)
    // A branch that nobody may delete stays when its pull request is merged.
    await restrict(ledger, { kind: 'delete', pattern: '*' })
    const merged = await mara('POST', `${pull}/merge`, { close_source_branch: true })
    expect(merged.status).toBe(200)
    const source = merged.at('source', 'branch', 'name')
    expect((await mara('GET', `${ledger}/refs/branches/${String(source)}`)).status).toBe(200)
  })

  test.each([
    ['an unknown kind', { kind: 'pull', pattern: 'a' }],
    ['no kind', { pattern: 'a' }],
    ['no pattern', { kind: 'delete' }],
    ['an unknown branch type', { kind: 'delete', branch_match_kind: 'branching_model', branch_type: 'x' }],
    ['no number where it counts', { kind: 'require_approvals_to_merge', pattern: 'a' }],
    ['people where none are exempt', { kind: 'force', pattern: 'a', users: [{ username: 'mara-lind' }] }],
    ['neither people nor groups', { kind: 'push', pattern: 'a' }],
    ['one that is there', { kind: 'require_approvals_to_merge', pattern: '*', value: 1 }],
  ])('with %s is refused', async (_what, body) => {
    expect((await mara('POST', `${ledger}/branch-restrictions`, body)).status).toBe(400)
  })
})

async function openPulls(base: string): Promise<string[]> {
  const list = await mara('GET', `${base}/pullrequests?fields=values.id,values.author.uuid&pagelen=50`)
  return list.values.map((one) => `${base}/pullrequests/${Reflect.get(Object(one), 'id')}`)
}
