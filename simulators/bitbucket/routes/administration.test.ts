import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let tomas: Ask
let yuki: Ask
let piet: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const ledger = '/repositories/meadow-goods/ledger-core'
const projects = '/workspaces/meadow-goods/projects'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  simulator.switches.rateLimits.api = 10_000
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  yuki = askAs(simulator, 'yuki-brandt')
  piet = askAs(simulator, 'piet-oosten')
})
afterAll(async () => await simulator.close())

function idOf(username: string): string {
  return encodeURIComponent(simulator.users.find((one) => one.username === username)?.uuid ?? '')
}

describe('rights', () => {
  test('given to a person count at once, and are gone at once', async () => {
    const grant = `${shop}/permissions-config/users/${idOf('tomas-okoye')}`
    expect((await tomas('GET', `${shop}/hooks`)).status).toBe(403)
    expect((await mara('PUT', grant, { permission: 'admin' })).at('permission')).toBe('admin')
    expect((await tomas('GET', `${shop}/hooks`)).status).toBe(200)
    expect((await mara('DELETE', grant)).status).toBe(204)
    expect((await tomas('GET', shop)).status).toBe(403)
    expect((await mara('GET', grant)).at('permission')).toBe('none')
    expect((await mara('PUT', grant, { permission: 'write' })).status).toBe(200)
  })

  test('given to a group are those of its people', async () => {
    const own = `${ledger}/permissions-config/users/${idOf('yuki-brandt')}`
    await mara('DELETE', own)
    expect((await yuki('GET', ledger)).status).toBe(403)
    const group = await mara('PUT', `${ledger}/permissions-config/groups/developers`, { permission: 'read' })
    expect(group.at('group', 'full_slug')).toBe('meadow-goods:developers')
    expect((await yuki('GET', ledger)).status).toBe(200)
    expect((await yuki('POST', `${ledger}/refs/branches`, { name: 'x', target: { hash: 'main' } })).status).toBe(403)
    const listed = await mara(
      'GET',
      '/workspaces/meadow-goods/permissions/repositories/ledger-core?sort=user.display_name',
    )
    expect(listed.values).toMatchObject([
      { permission: 'write', user: { display_name: 'Ines Calder' } },
      { permission: 'admin', user: { display_name: 'Mara Lind' } },
      { permission: 'write', user: { display_name: 'Tomas Okoye' } },
      { permission: 'read', user: { display_name: 'Yuki Brandt' } },
    ])
    await mara('DELETE', `${ledger}/permissions-config/groups/developers`)
    await mara('PUT', own, { permission: 'write' })
  })

  test('in a project reach all its repositories', async () => {
    const grant = `${projects}/FIN/permissions-config/users/${idOf('tomas-okoye')}`
    await mara('PUT', grant, { permission: 'admin' })
    expect((await tomas('GET', `${ledger}/hooks`)).status).toBe(200)
    expect((await tomas('GET', `${shop}/hooks`)).status).toBe(403)
    expect((await tomas('PUT', `${projects}/FIN`, { description: 'Money' })).status).toBe(200)
    await mara('DELETE', grant)
    expect((await tomas('PUT', `${projects}/FIN`, { description: 'None' })).status).toBe(403)
  })

  test.each([
    ['an owner', 'mara-lind'],
    ['an outsider', 'piet-oosten'],
  ])('of %s cannot be changed', async (_who, username) => {
    const reply = await mara('PUT', `${shop}/permissions-config/users/${idOf(username)}`, { permission: 'read' })
    expect(reply.status).toBe(400)
  })

  test('are seen by an OAuth token, and not changed', async () => {
    const token = simulator.sim.credentials.find((one) => one.person.username === 'mara-lind')
    if (token === undefined) throw new Error('Mara has no token')
    simulator.sim.credentials.push({ ...token, kind: 'oauth', token: 'granted', scopes: ['repository:admin'] })
    const oauth = asker(simulator, 'Bearer granted')
    expect((await oauth('GET', `${shop}/permissions-config/users`)).status).toBe(200)
    const change = await oauth('DELETE', `${shop}/permissions-config/users/${idOf('tomas-okoye')}`)
    expect(change.status).toBe(403)
  })
})

describe('the branching model', () => {
  test('is the project’s where the repository does not override it', async () => {
    const invoices = '/repositories/meadow-goods/invoice-service'
    await mara('PUT', `${projects}/FIN/branching-model/settings`, {
      development: { name: 'nowhere', use_mainbranch: false },
      branch_types: [{ kind: 'feature', prefix: 'work/' }],
    })
    const own = await mara('GET', `${invoices}/effective-branching-model`)
    expect(own.at('branch_types')).toContainEqual({ kind: 'feature', prefix: 'feature/' })
    await mara('PUT', `${invoices}/override-settings`, { override_settings: { branching_model: false } })
    const inherited = await mara('GET', `${invoices}/effective-branching-model`)
    expect(inherited.at('branch_types')).toContainEqual({ kind: 'feature', prefix: 'work/' })
    // A branch the project names and this repository has not is the main branch here.
    expect(inherited.at('development', 'branch', 'name')).toBe('main')
    expect((await mara('GET', `${invoices}/branching-model`)).at('branch_types')).toContainEqual({
      kind: 'feature',
      prefix: 'feature/',
    })
  })

  test.each([
    ['a branch that is not there', { development: { name: 'nowhere' } }],
    ['a name beside the main branch', { development: { name: 'main', use_mainbranch: true } }],
    ['an enabled production branch without name', { production: { enabled: true } }],
    ['a prefix no branch can have', { branch_types: [{ kind: 'feature', prefix: 'a b' }] }],
    ['prefixes that cover one another', { branch_types: [{ kind: 'feature', prefix: 'bug' }] }],
    ['a type without kind', { branch_types: [{ prefix: 'a/' }] }],
  ])('with %s is refused and stays as it was', async (_what, body) => {
    const path = `${shop}/branching-model/settings`
    const before = await mara('GET', path)
    expect((await mara('PUT', path, body)).status).toBe(400)
    expect((await mara('GET', path)).body).toEqual(before.body)
  })

  test('keeps a wrong prefix of a type that is switched off', async () => {
    const types = { branch_types: [{ kind: 'hotfix', enabled: false, prefix: '*' }] }
    const reply = await mara('PUT', `${shop}/branching-model/settings`, types)
    expect(reply.at('branch_types')).toContainEqual({ kind: 'hotfix', enabled: false, prefix: '*' })
    const shown = await mara('GET', `${shop}/branching-model`)
    expect(shown.at('branch_types')).toHaveLength(3)
    expect(shown.at('production')).toBeUndefined()
  })
})

describe('default reviewers', () => {
  test('come from project and repository, and only by the switch to pull requests of the API', async () => {
    await mara('PUT', `${projects}/SHOP/default-reviewers/${idOf('ines-calder')}`)
    for (const one of ['tomas-okoye', 'tomas-okoye'])
      expect((await mara('PUT', `${shop}/default-reviewers/${idOf(one)}`)).status).toBe(200)
    expect((await mara('GET', `${shop}/effective-default-reviewers`)).values).toMatchObject([
      { reviewer_type: 'project', user: { display_name: 'Ines Calder' } },
      { reviewer_type: 'repository', user: { display_name: 'Tomas Okoye' } },
    ])
    const open = async (branch: string) => {
      const form = new FormData()
      form.append('branch', branch)
      form.append(`${branch}.txt`, branch)
      expect((await tomas('POST', `${shop}/src`, form)).status).toBe(201)
      const made = await tomas('POST', `${shop}/pullrequests`, { title: branch, source: { branch: { name: branch } } })
      return made.at('reviewers')
    }
    expect(await open('without')).toEqual([])
    simulator.switches.defaultReviewersByApi = true
    expect(await open('with')).toMatchObject([{ display_name: 'Ines Calder' }])
  })
})

describe('downloads', () => {
  function form(...files: [name: string, text: string][]): FormData {
    const body = new FormData()
    for (const [name, text] of files) body.append('files', new Blob([text], { type: 'text/plain' }), name)
    return body
  }

  test('are uploaded, replaced by name, counted, served to whoever has the address, and deleted', async () => {
    expect((await tomas('POST', `${shop}/downloads`, form(['notes.txt', 'old'], ['b.txt', 'b']))).status).toBe(201)
    expect((await tomas('POST', `${shop}/downloads`, form(['notes.txt', 'new text']))).status).toBe(201)
    const redirect = await tomas('GET', `${shop}/downloads/notes.txt`)
    expect(redirect.status).toBe(302)
    const file = await fetch(redirect.headers.get('location') ?? '')
    expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([200, 'text/plain', 'new text'])
    expect((await tomas('GET', `${shop}/downloads`)).values).toMatchObject([
      { type: 'download', name: 'notes.txt', size: 8, downloads: 1, user: { display_name: 'Tomas Okoye' } },
      { name: 'b.txt', size: 1, downloads: 0 },
    ])
    expect((await piet('GET', `${shop}/downloads/notes.txt`)).status).toBe(403)
    expect((await tomas('DELETE', `${shop}/downloads/notes.txt`)).status).toBe(204)
    expect((await tomas('GET', `${shop}/downloads/notes.txt`)).status).toBe(404)
  })
})

test('a deploy key is taken once, and its comment read', async () => {
  const type = Buffer.from('ssh-ed25519')
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 11]), type, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)])
  const key = `ssh-ed25519 ${bytes.toString('base64')}`
  const made = await mara('POST', `${shop}/deploy-keys`, { key: `${key} build@host one`, label: 'Build' })
  expect(made.body).toMatchObject({
    type: 'deploy_key',
    key,
    comment: 'build@host one',
    label: 'Build',
    last_used: null,
  })
  const second = await mara('POST', `${shop}/deploy-keys`, { key })
  expect([second.status, second.body]).toEqual([
    400,
    { key: [{ message: 'Someone has already added that access key to this repository.' }] },
  ])
  for (const wrong of ['ssh-rsa', `ssh-rsa ${bytes.toString('base64')}`, 'nonsense', undefined])
    expect((await mara('POST', `${shop}/deploy-keys`, { key: wrong })).status).toBe(400)
})

describe('a project', () => {
  test('belongs to who made it, moves with its key, and goes only when it is empty', async () => {
    const ines = askAs(simulator, 'ines-calder')
    expect((await tomas('POST', projects, { key: 'TOM', name: 'Tomas' })).status).toBe(403)
    expect((await ines('POST', projects, { key: 'SEC', name: 'Security' })).status).toBe(201)
    const moved = await ines('PUT', `${projects}/SEC`, { key: 'SAFE' })
    expect([moved.status, moved.headers.get('location')]).toEqual([200, `${simulator.api}${projects}/SAFE`])
    expect((await ines('POST', '/repositories/meadow-goods/safe-one', { project: { key: 'SAFE' } })).status).toBe(200)
    expect((await ines('DELETE', `${projects}/SAFE`)).status).toBe(403)
    expect((await ines('PUT', `${projects}/SAFE`, { is_private: false })).at('is_private')).toBe(false)
    expect((await ines('PUT', '/repositories/meadow-goods/safe-one', { is_private: false })).status).toBe(200)
    expect((await ines('GET', `${projects}/SAFE`)).at('has_publicly_visible_repos')).toBe(true)
    expect((await ines('PUT', `${projects}/SAFE`, { is_private: true })).status).toBe(400)
    expect((await ines('DELETE', '/repositories/meadow-goods/safe-one')).status).toBe(204)
    expect((await ines('DELETE', `${projects}/SAFE`)).status).toBe(204)
  })
})

describe('a workspace', () => {
  test('shows the addresses asked for, and no others', async () => {
    const path = '/workspaces/meadow-goods/members?fields=%2Bvalues.user.email&q='
    const emails = async (q: string) =>
      (await mara('GET', `${path}${encodeURIComponent(q)}`)).values.map((one) => Reflect.get(Object(one).user, 'email'))
    expect(await emails('user.email IN ("ines@meadow-goods.example","yuki@meadow-goods.example")')).toEqual([
      'yuki@meadow-goods.example',
      'ines@meadow-goods.example',
    ])
    expect(await emails('user.email != "ines@meadow-goods.example"')).toEqual([undefined, undefined, undefined])
    const many = Array.from({ length: 91 }, (_one, index) => `"a${index}@x.example"`).join(',')
    expect((await mara('GET', `${path}${encodeURIComponent(`user.email IN (${many})`)}`)).status).toBe(400)
  })

  test('lists what a person proposed anywhere, as far as the caller may see it', async () => {
    const path = `/workspaces/meadow-goods/pullrequests/${idOf('tomas-okoye')}?state=ALL&pagelen=50`
    const all = await mara('GET', path)
    const repositories = new Set(all.values.map((one) => Object(one).destination.repository.full_name))
    expect(repositories.size).toBeGreaterThan(1)
    expect(new Set(all.values.map((one) => Object(one).author.display_name))).toEqual(new Set(['Tomas Okoye']))
    const merged = await mara('GET', path.replace('ALL', 'MERGED'))
    expect(merged.values.length).toBeLessThan(all.values.length)
    expect((await piet('GET', path)).status).toBe(403)
  })
})
