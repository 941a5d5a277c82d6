import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { accessTokenScopes, apiTokenScopes, oauthScopes, withImplied } from '../auth/scopes.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { asker, basic } from '../try-api.ts'
import { askWith, makeCredential } from './try-credentials.ts'

let simulator: Simulator
let legacy: Simulator
let now = Date.UTC(2026, 10, 21)
const ws = '/repositories/meadow-goods'
const invalid = 'Token is invalid, expired, or not supported for this endpoint.'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1, clock: () => now })
  legacy = await startSimulator({ repositories: 0, mode: 'legacy', clock: () => now })
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => {
  await simulator.close()
  await legacy.close()
})

function repositoryUuid(slug: string): string {
  return simulator.sim.repositories.find((one) => one.slug === slug)?.uuid ?? ''
}

describe('API tokens', () => {
  test('are Basic with the e-mail address in any case, or Bearer; never with the user name', async () => {
    const { token } = makeCredential(simulator, { kind: 'api_token' })
    const status = async (authorization: string) => (await asker(simulator, authorization)('GET', '/user')).status
    expect(await status(basic('mara@meadow-goods.example', token))).toBe(200)
    expect(await status(basic('Mara@Meadow-Goods.example', token))).toBe(200)
    expect(await status(`Bearer ${token}`)).toBe(200)
    expect(await status(basic('mara-lind', token))).toBe(401)
    expect(await status(basic('tomas@meadow-goods.example', token))).toBe(401)
    expect(await status(basic('x-bitbucket-api-token-auth', token))).toBe(401)
  })

  test('end when their time is over', async () => {
    const ask = askWith(simulator, { kind: 'api_token', expiresAt: now + 1000 })
    expect((await ask('GET', '/user')).status).toBe(200)
    now += 1001
    expect((await ask('GET', '/user')).at('error', 'message')).toBe(invalid)
  })

  test('limited to one workspace have no more rights there than their person, and none elsewhere', async () => {
    const here = { kind: 'workspace', uuid: simulator.workspace.uuid } as const
    const tomas = askWith(simulator, { kind: 'api_token', resource: here }, 'tomas-okoye')
    expect((await tomas('GET', `${ws}/ledger-core`)).status).toBe(200)
    expect((await tomas('GET', `${ws}/ledger-core/hooks`)).status).toBe(403)
    const piet = askWith(simulator, { kind: 'api_token', resource: here }, 'piet-oosten')
    expect((await piet('GET', `${ws}/ledger-core`)).status).toBe(403)
    const elsewhere = askWith(simulator, { kind: 'api_token', resource: { kind: 'workspace', uuid: '{other}' } })
    expect((await elsewhere('GET', `${ws}/ledger-core`)).status).toBe(403)
    expect((await elsewhere('GET', '/user/workspaces')).at('size')).toBe(0)
  })

  test('without scopes are told so by an error that is a string, whatever they ask for', async () => {
    const ask = askWith(simulator, { kind: 'api_token', scopes: [] })
    for (const path of ['/user', `${ws}/ledger-core`, '/nothing/here', '/hook_events']) {
      const reply = await ask('GET', path)
      expect([reply.status, reply.body]).toEqual([401, { error: 'API Token provided has no Bitbucket scopes.' }])
    }
  })

  test.each([
    ['GET', `${ws}/ledger-core`, ['write:repository:bitbucket'], ['read:repository:bitbucket']],
    ['GET', `${ws}/ledger-core`, ['admin:repository:bitbucket'], ['read:repository:bitbucket']],
    ['GET', `${ws}/ledger-core/pullrequests`, ['write:pullrequest:bitbucket'], ['read:pullrequest:bitbucket']],
    ['GET', `${ws}/ledger-core`, ['read:pullrequest:bitbucket'], ['read:repository:bitbucket']],
    ['GET', `${ws}/ledger-core`, ['read:project:bitbucket'], ['read:repository:bitbucket']],
    [
      'POST',
      `${ws}/ledger-core/hooks`,
      ['write:webhook:bitbucket'],
      ['read:webhook:bitbucket', 'write:webhook:bitbucket'],
    ],
    [
      'GET',
      `${ws}/ledger-core/hooks`,
      ['write:webhook:bitbucket', 'delete:webhook:bitbucket'],
      ['read:webhook:bitbucket'],
    ],
    ['GET', '/user', ['write:user:bitbucket'], ['read:user:bitbucket']],
  ])('%s %s with %j lacks %j: no scope implies another', async (method, path, scopes, required) => {
    const reply = await askWith(simulator, { kind: 'api_token', scopes })(method, path)
    expect([reply.status, reply.at('error')]).toEqual([
      403,
      {
        message: 'Your credentials lack one or more required privilege scopes.',
        detail: { required, granted: scopes },
      },
    ])
  })

  test('comment, set tasks, build states and reports with read scopes alone', async () => {
    const pull = askWith(simulator, { kind: 'api_token', scopes: ['read:pullrequest:bitbucket'] })
    const said = await pull('POST', `${ws}/ledger-core/pullrequests/3/comments`, { content: { raw: 'seen' } })
    const task = await pull('POST', `${ws}/ledger-core/pullrequests/3/tasks`, { content: { raw: 'do' } })
    const read = askWith(simulator, { kind: 'api_token', scopes: ['read:repository:bitbucket'] })
    const state = { key: 'k', state: 'SUCCESSFUL', url: 'https://ci.example/1' }
    const status = await read('POST', `${ws}/ledger-core/commit/main/statuses/build`, state)
    const report = await read('PUT', `${ws}/ledger-core/commit/main/reports/r`, {
      title: 't',
      details: 'd',
      report_type: 'SECURITY',
    })
    expect([said.status, task.status, status.status, report.status]).toEqual([201, 201, 201, 200])
  })
})

describe('app passwords', () => {
  test('are answered in 2026 like any invalid token, or in the words of the switch; a legacy host takes them', async () => {
    const { username, password } = simulator.app_password
    const ask = asker(simulator, basic(username, password))
    expect((await ask('GET', '/user')).at('error', 'message')).toBe(invalid)
    simulator.switches.appPasswordMessage = 'App passwords are gone.'
    expect([(await ask('GET', '/user')).status, (await ask('GET', '/user')).at('error', 'message')]).toEqual([
      401,
      'App passwords are gone.',
    ])
    const wrong = asker(simulator, basic(username, 'made-up'))
    expect((await wrong('GET', '/user')).at('error', 'message')).toBe(invalid)
    const old = legacy.app_password
    expect((await asker(legacy, basic(old.username, old.password))('GET', '/user')).status).toBe(200)
    expect((await asker(legacy, `Bearer ${old.password}`)('GET', '/user')).status).toBe(401)
  })
})

describe('access tokens', () => {
  const all = [...oauthScopes]
  const of = (kind: 'workspace' | 'project' | 'repository') => {
    const repository = simulator.sim.repositories.find((one) => one.slug === 'ledger-core')
    const uuid = {
      workspace: simulator.workspace.uuid,
      project: repository?.project.uuid,
      repository: repository?.uuid,
    }
    const resource = { kind, uuid: uuid[kind] ?? '' }
    return askWith(simulator, { kind: 'access_token', scopes: all, resource }, 'security-automation-bot')
  }

  test('of a repository, a project and a workspace see what theirs holds', async () => {
    const seen = async (kind: Parameters<typeof of>[0]) =>
      (await of(kind)('GET', ws)).values.map((one) => at(one, 'slug'))
    expect(await seen('repository')).toEqual(['ledger-core'])
    expect((await seen('project')).toSorted()).toEqual(['invoice-service', 'ledger-core'])
    expect(await seen('workspace')).toHaveLength(5)
    expect((await of('project')('GET', `${ws}/storefront-api`)).status).toBe(403)
    expect((await of('project')('GET', `${ws}/invoice-service`)).status).toBe(200)
  })

  test.each([
    ['repository', '/user', ['account']],
    ['project', '/user', ['account']],
    ['repository', '/workspaces/meadow-goods/members', ['account']],
    ['repository', '/workspaces/meadow-goods/projects', ['project']],
  ] as const)('of a %s never have the scope for %s', async (kind, path, required) => {
    const reply = await of(kind)('GET', path)
    expect([reply.status, reply.at('error', 'detail', 'required')]).toEqual([403, required])
    expect(reply.at('error', 'detail', 'granted')).toEqual(all.filter((one) => accessTokenScopes[kind].includes(one)))
  })

  test('of a workspace have account and project: they read themselves, members and projects', async () => {
    const ask = of('workspace')
    for (const path of ['/user', '/workspaces/meadow-goods/members', '/workspaces/meadow-goods/projects'])
      expect((await ask('GET', path)).status).toBe(200)
    expect((await ask('GET', '/user/emails')).at('error', 'detail', 'required')).toEqual(['email'])
  })

  test('reach no permission API, whatever their scopes', async () => {
    const ask = of('workspace')
    for (const path of [
      '/workspaces/meadow-goods/permissions',
      '/workspaces/meadow-goods/permissions/repositories',
      '/workspaces/meadow-goods/permissions/repositories/ledger-core',
      '/user/workspaces/meadow-goods/permission',
      '/user/workspaces/meadow-goods/permissions/repositories',
    ]) {
      const reply = await ask('GET', path)
      expect([reply.status, reply.at('error', 'message')]).toEqual([401, invalid])
    }
  })

  test('read deploy keys but write none', async () => {
    const ask = of('workspace')
    expect((await ask('POST', `${ws}/ledger-core/deploy-keys`, { key: 'ssh-ed25519 AAAA', label: 'x' })).status).toBe(
      401,
    )
    expect((await ask('GET', `${ws}/ledger-core/deploy-keys`)).status).toBe(200)
  })

  test('are Bearer only and act as a bot', async () => {
    expect((await of('workspace')('GET', '/user')).at('type')).toBe('app_user')
    const wrong = asker(simulator, basic('x-token-auth', simulator.workspace_access_token))
    expect((await wrong('GET', ws)).at('error', 'message')).toBe(invalid)
    const said = await of('repository')('POST', `${ws}/ledger-core/pullrequests/3/comments`, {
      content: { raw: 'bot' },
    })
    expect(said.at('user')).toMatchObject({ type: 'app_user', display_name: 'Security automation' })
    expect(said.at('user', 'nickname')).toBeUndefined()
  })

  test('end with their time or when revoked', async () => {
    const resource = { kind: 'repository', uuid: repositoryUuid('ledger-core') } as const
    const wanted = { kind: 'access_token', scopes: ['repository'], resource } as const
    const ask = askWith(
      simulator,
      { ...wanted, scopes: ['repository'], expiresAt: now + 10 },
      'security-automation-bot',
    )
    expect((await ask('GET', `${ws}/ledger-core`)).status).toBe(200)
    now += 10
    expect((await ask('GET', `${ws}/ledger-core`)).status).toBe(401)
    const gone = askWith(simulator, { ...wanted, scopes: ['repository'], revoked: true }, 'security-automation-bot')
    expect((await gone('GET', `${ws}/ledger-core`)).status).toBe(401)
  })
})

describe('transport', () => {
  test('a token in the address or in a form is refused', async () => {
    const token = simulator.workspace_access_token
    const nobody = asker(simulator, undefined)
    expect((await nobody('GET', `${ws}?access_token=${token}`)).at('error', 'message')).toBe(invalid)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const reply = await nobody('POST', `${ws}/ledger-core/pullrequests/3/approve`, `access_token=${token}`, form)
    expect([reply.status, reply.at('error', 'message')]).toEqual([401, invalid])
  })

  test('an unknown scheme and a broken Basic header are invalid, not anonymous', async () => {
    for (const header of [
      'JWT abc',
      'Basic !!!',
      'Basic',
      'Bearer',
      'Bearer nobody',
      `Token ${simulator.workspace_access_token}`,
    ]) {
      const reply = await asker(simulator, header)('GET', '/user')
      expect([header, reply.status, reply.at('error', 'message')]).toEqual([header, 401, invalid])
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Bitbucket.org HTTP"')
    }
  })
})

describe('OAuth scopes', () => {
  test.each([
    ['project', ['repository']],
    ['project:admin', []],
    ['repository', []],
    ['repository:write', ['repository']],
    ['repository:admin', []],
    ['repository:delete', []],
    ['pullrequest', ['repository']],
    ['pullrequest:write', ['pullrequest', 'repository', 'repository:write']],
    ['issue:write', ['issue']],
    ['account:write', ['account']],
    ['pipeline:write', ['pipeline']],
    ['snippet:write', ['snippet']],
    ['runner:write', ['runner']],
    ['webhook', []],
    ['email', []],
    ['account', []],
  ])('%s contains %j', (scope, contained) => {
    expect([...withImplied([scope])].filter((one) => one !== scope)).toEqual(contained)
  })

  test('are a closed list, without the obsolete project:write; API tokens have 35 others', () => {
    expect(oauthScopes).toHaveLength(22)
    expect(oauthScopes).not.toContain('project:write')
    expect(apiTokenScopes).toHaveLength(35)
    expect(apiTokenScopes.every((scope) => scope.endsWith(':bitbucket'))).toBe(true)
  })
})
