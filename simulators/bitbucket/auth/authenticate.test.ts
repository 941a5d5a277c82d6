import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, asker, basic } from '../try-api.ts'
import { apiTokenScopes } from './scopes.ts'

let modern: Simulator
let legacy: Simulator

beforeAll(async () => {
  modern = await startSimulator({ repositories: 0, control: true })
  legacy = await startSimulator({ repositories: 0, mode: 'legacy' })
})
afterAll(async () => {
  await modern.close()
  await legacy.close()
})

const ws = '/repositories/meadow-goods'
const invalid = { type: 'error', error: { message: 'Token is invalid, expired, or not supported for this endpoint.' } }

async function make(simulator: Simulator, body: Record<string, unknown>): Promise<string> {
  const reply = await asker(simulator, undefined)('POST', `${simulator.control}/credentials`, body)
  expect(reply.status).toBe(200)
  return String(reply.at('token'))
}

describe('API tokens', () => {
  test('work as Basic with the e-mail address, and as Bearer', async () => {
    const user = modern.users[1]
    const token = user?.api_token ?? ''
    expect((await asker(modern, basic(user?.email ?? '', token))('GET', '/user')).at('display_name')).toBe(
      'Tomas Okoye',
    )
    expect((await asker(modern, `Bearer ${token}`)('GET', '/user')).status).toBe(200)
    expect((await asker(modern, basic(user?.username ?? '', token))('GET', '/user')).body).toEqual(invalid)
  })

  test('without scopes are refused with an error that is a string', async () => {
    const token = await make(modern, { kind: 'api_token', username: 'mara-lind', scopes: [] })
    const reply = await asker(modern, basic('mara@meadow-goods.example', token))('GET', '/user')
    expect(reply.status).toBe(401)
    expect(reply.body).toEqual({ error: 'API Token provided has no Bitbucket scopes.' })
  })

  test('that lack a scope are told which was required and which they have; write does not include read', async () => {
    const token = await make(modern, { kind: 'api_token', username: 'mara-lind', scopes: ['write:webhook:bitbucket'] })
    const reply = await asker(modern, basic('mara@meadow-goods.example', token))('GET', `${ws}/storefront-api/hooks`)
    expect(reply.status).toBe(403)
    expect(reply.body).toEqual({
      type: 'error',
      error: {
        message: 'Your credentials lack one or more required privilege scopes.',
        detail: { required: ['read:webhook:bitbucket'], granted: ['write:webhook:bitbucket'] },
      },
    })
  })

  test('that are revoked or expired get 401 with a challenge', async () => {
    for (const change of [{ revoked: true }, { expired: true }]) {
      const token = await make(modern, { kind: 'api_token', username: 'mara-lind', scopes: ['read:user:bitbucket'] })
      const ask = asker(modern, basic('mara@meadow-goods.example', token))
      expect((await ask('GET', '/user')).status).toBe(200)
      await ask('POST', `${modern.control}/credentials`, { token, ...change })
      const reply = await ask('GET', '/user')
      expect(reply.body).toEqual(invalid)
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Bitbucket.org HTTP"')
    }
  })

  test('have the closed list of 35 scopes', () => {
    expect(apiTokenScopes).toHaveLength(35)
    expect(new Set(apiTokenScopes).size).toBe(35)
  })
})

describe('app passwords', () => {
  test('are refused in 2026 and accepted by a legacy host', async () => {
    const { username, password } = modern.app_password
    expect((await asker(modern, basic(username, password))('GET', '/user')).body).toEqual(invalid)
    const old = legacy.app_password
    expect((await asker(legacy, basic(old.username, old.password))('GET', '/user')).at('username')).toBe(username)
  })
})

describe('access tokens', () => {
  test('are Bearer only and act as a bot', async () => {
    const ask = asker(modern, `Bearer ${modern.workspace_access_token}`)
    const reply = await ask('GET', '/user')
    expect(reply.at('type')).toBe('app_user')
    expect((await ask('GET', ws)).at('size')).toBe(4)
    const wrong = asker(modern, basic('x-token-auth', modern.workspace_access_token))
    expect((await wrong('GET', ws)).status).toBe(401)
  })

  test('of a repository reach that one alone, and no workspace', async () => {
    const token = await make(modern, {
      kind: 'access_token',
      username: 'security-automation-bot',
      scopes: ['repository', 'account'],
      repository: 'ledger-core',
    })
    const ask = asker(modern, `Bearer ${token}`)
    expect((await ask('GET', `${ws}/ledger-core`)).status).toBe(200)
    expect((await ask('GET', `${ws}/storefront-api`)).status).toBe(403)
    expect((await ask('GET', '/workspaces/meadow-goods')).status).toBe(403)
  })

  test('use OAuth scope names, of which the wider contain the narrower', async () => {
    const token = await make(modern, {
      kind: 'access_token',
      username: 'security-automation-bot',
      scopes: ['pullrequest:write'],
    })
    const ask = asker(modern, `Bearer ${token}`)
    expect((await ask('GET', `${ws}/ledger-core/pullrequests`)).status).toBe(200)
    expect((await ask('GET', `${ws}/ledger-core/hooks`)).at('error', 'detail', 'required')).toEqual(['webhook'])
  })
})

describe('rights', () => {
  test('nobody without a login sees a private repository', async () => {
    const reply = await asker(modern, undefined)('GET', `${ws}/storefront-api`)
    expect(reply.status).toBe(401)
    expect(reply.headers.get('x-ratelimit-limit')).toBe('60, 60;w=3600')
  })

  test('an outsider gets 403, or 404 where the switch says so', async () => {
    const ask = askAs(modern, 'piet-oosten')
    expect((await ask('GET', `${ws}/storefront-api`)).at('error', 'message')).toBe(
      'You do not have access to this repository.',
    )
    modern.switches.hiddenRepositoryStatus = 404
    expect((await ask('GET', `${ws}/storefront-api`)).at('error', 'message')).toBe(
      'Repository meadow-goods/storefront-api not found',
    )
    modern.switches.hiddenRepositoryStatus = 403
    expect((await ask('GET', '/user/workspaces')).at('size')).toBe(0)
  })

  test('a developer may comment but not make hooks', async () => {
    const reply = await askAs(modern, 'tomas-okoye')('POST', `${ws}/storefront-api/hooks`, {
      url: 'http://127.0.0.1:1/',
      events: ['repo:push'],
    })
    expect(reply.status).toBe(403)
    expect((await askAs(modern, 'tomas-okoye')('GET', '/workspaces/meadow-goods/hooks')).status).toBe(403)
  })
})
