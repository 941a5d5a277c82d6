import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs, asker, basic } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let nobody: Ask
const ws = '/repositories/meadow-goods'
const pull = `${ws}/storefront-api/pullrequests/4`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1 })
  mara = askAs(simulator, 'mara-lind')
  nobody = asker(simulator, undefined)
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => await simulator.close())

/** Sends these bytes and answers the whole reply: for what no client library sends. */
async function raw(lines: string[]): Promise<string> {
  const { hostname, port } = new URL(simulator.web)
  const user = simulator.users[0]
  const credentials = `Authorization: ${basic(user?.email ?? '', user?.api_token ?? '')}`
  const [first = '', ...rest] = lines
  return await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
    socket.write([first, `Host: ${hostname}`, credentials, 'Connection: close', ...rest, '', ''].join('\r\n'))
  })
}

describe('addresses', () => {
  test('take braces encoded or not, a slash at the end, and slugs in any case', async () => {
    const uuid = simulator.sim.repositories.find((one) => one.slug === 'ledger-core')?.uuid ?? ''
    const workspace = simulator.workspace.uuid
    for (const path of [`/2.0${ws}/${uuid}`, `/2.0/repositories/${workspace}/${uuid}`, `/2.0/repositories/{}/${uuid}/`])
      expect(await raw([`GET ${path} HTTP/1.1`])).toContain('"full_name":"meadow-goods/ledger-core"')
    for (const path of [
      `${ws}/${encodeURIComponent(uuid)}`,
      `/repositories/${encodeURIComponent(workspace)}/ledger-core`,
      `/repositories/%7B%7D/${encodeURIComponent(uuid)}`,
      '/repositories/Meadow-Goods/Ledger-Core/',
    ])
      expect((await mara('GET', path)).at('slug')).toBe('ledger-core')
  })

  test('may be whole ones, as a client of a proxy sends them', async () => {
    const api = 'http://api.bitbucket.org/2.0'
    expect(await raw([`GET ${api}${ws}/ledger-core?fields=slug HTTP/1.1`])).toContain('{"slug":"ledger-core"}')
    expect(await raw([`GET ${api}/nothing HTTP/1.1`])).toContain('There is no API hosted at this URL')
  })

  test('of people are a UUID or an account id, never a user name', async () => {
    const [person] = simulator.users
    for (const id of [person?.uuid ?? '', person?.account_id ?? ''])
      expect((await mara('GET', `/users/${encodeURIComponent(id)}`)).at('display_name')).toBe('Mara Lind')
    expect((await mara('GET', '/users/mara-lind')).status).toBe(404)
  })

  test('that cannot be decoded are bad requests in the envelope', async () => {
    const reply = await mara('GET', `${ws}/%zz`)
    expect([reply.status, reply.body]).toEqual([400, { type: 'error', error: { message: 'Bad request' } }])
  })
})

describe('errors', () => {
  test.each([
    ['GET', '/nothing/here', 404, 'There is no API hosted at this URL'],
    ['PUT', '/nothing/here', 404, 'There is no API hosted at this URL'],
    ['GET', `${ws}/nowhere`, 404, 'Repository meadow-goods/nowhere not found'],
    ['GET', `${ws}/nowhere/pullrequests`, 404, 'Repository meadow-goods/nowhere not found'],
    ['GET', `${ws}/ledger-core/src/main/shard.yml`, 404, 'No such file or directory: shard.yml'],
    ['GET', `${ws}/ledger-core/commit/ffffffffffff`, 404, 'Changeset not found.'],
    ['GET', `${pull}/comments/999`, 404, '999'],
    ['GET', `${ws}/ledger-core/hooks/%7Bnone%7D`, 404, 'ledger-core is not a valid hook'],
    ['GET', '/workspaces', 410, 'CHANGE-2770 - Functionality has been deprecated'],
    ['GET', `${ws}/ledger-core/issues`, 410, 'CHANGE-3071 - Functionality has been deprecated'],
    ['DELETE', `${ws}/ledger-core/issues/1`, 410, 'CHANGE-3071 - Functionality has been deprecated'],
  ])('%s %s is %i: %s', async (method, path, status, message) => {
    const reply = await mara(method, path)
    expect([reply.status, reply.at('type'), reply.at('error', 'message')]).toEqual([status, 'error', message])
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  test('a removed feature names its changelog entry twice', async () => {
    const data = { announcement_url: 'https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770' }
    expect((await mara('GET', '/repositories')).body).toEqual({
      type: 'error',
      error: {
        message: 'CHANGE-2770 - Functionality has been deprecated',
        detail: 'Please read the changelog entry for more details.',
        data,
      },
      data,
    })
  })

  test('an unknown revision is named twice too', async () => {
    const data = { shas: ['nobranch'] }
    expect((await mara('GET', `${ws}/ledger-core/src/nobranch/pom.xml`)).body).toEqual({
      type: 'error',
      error: { message: 'Commit not found', data },
      data,
    })
  })

  test('of validation name the fields', async () => {
    const reply = await mara('POST', `${ws}/storefront-api/pullrequests`, { source: { branch: { name: 'main' } } })
    expect([reply.status, reply.at('error', 'message'), reply.at('error', 'fields')]).toEqual([
      400,
      'Bad request',
      { title: [expect.any(String)] },
    ])
  })

  test('outside the API are plain text', async () => {
    const reply = await nobody('GET', `${simulator.web}/1.0.json`)
    expect([reply.status, reply.text]).toEqual([404, 'Not Found'])
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  test('are not touched by fields', async () => {
    expect((await mara('GET', `${ws}/nowhere?fields=values.slug`)).at('error', 'message')).toContain('not found')
  })

  test('without credentials: 401 with a challenge, or 404 where the switch says so', async () => {
    const reply = await nobody('GET', `${ws}/ledger-core`)
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Bitbucket.org HTTP"'])
    simulator.switches.anonymousStatus = 404
    expect((await nobody('GET', `${ws}/ledger-core`)).status).toBe(404)
  })
})

describe('bodies', () => {
  test.each(['{', '{"title":', 'not json', '{"a":1}}'])('%s is bad JSON', async (text) => {
    const reply = await mara('PUT', pull, text)
    expect([reply.status, reply.body]).toEqual([400, { type: 'error', error: { message: 'Bad request' } }])
  })

  test('may be flat forms', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await mara('PUT', pull, 'title=From+a+form', form)).at('title')).toBe('From a form')
  })

  test('of another type are 415', async () => {
    const reply = await mara('PUT', pull, '<title>x</title>', { 'content-type': 'application/xml' })
    expect([reply.status, reply.at('type')]).toEqual([415, 'error'])
  })

  test('without a length are 411; an empty one is fine', async () => {
    const without = await raw([`POST /2.0${pull}/approve HTTP/1.1`])
    expect(without).toMatch(/^HTTP\/1\.1 411 /)
    expect(await raw([`POST /2.0${pull}/approve HTTP/1.1`, 'Content-Length: 0'])).toMatch(/^HTTP\/1\.1 200 /)
    expect(await raw([`DELETE /2.0${pull}/approve HTTP/1.1`])).toMatch(/^HTTP\/1\.1 204 /)
    simulator.switches.writesWithoutLength = 'accepted'
    expect(await raw([`POST /2.0${pull}/approve HTTP/1.1`])).toMatch(/^HTTP\/1\.1 200 /)
    simulator.switches.writesWithoutLength = 'refused'
  })

  test('that say they are JSON and are empty are none, or 400 by a switch', async () => {
    const json = { 'content-type': 'application/json' }
    expect((await mara('POST', `${pull}/request-changes`, '', json)).status).toBe(200)
    simulator.switches.emptyJsonBody = 'refused'
    expect((await mara('POST', `${pull}/request-changes`, '', json)).status).toBe(400)
    simulator.switches.emptyJsonBody = 'accepted'
  })
})

describe('methods', () => {
  test('HEAD answers the headers of GET and no body', async () => {
    const get = await mara('GET', `${ws}/ledger-core`)
    const head = await mara('HEAD', `${ws}/ledger-core`)
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', get.headers.get('etag')])
    expect((await mara('HEAD', `${ws}/nowhere`)).status).toBe(404)
    expect((await nobody('HEAD', `${ws}/ledger-core`)).status).toBe(401)
  })

  test('OPTIONS is open to every origin, without credentials', async () => {
    const reply = await nobody('OPTIONS', `${ws}/ledger-core`)
    expect(reply.status).toBe(204)
    expect(reply.headers.get('access-control-allow-origin')).toBe('*')
    expect(reply.headers.get('access-control-max-age')).toBe('86400')
    expect(reply.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, PATCH, DELETE, OPTIONS')
    expect(reply.headers.get('access-control-allow-headers')).toContain('Authorization')
  })
})

describe('headers', () => {
  test('every answer is open to other origins and varies with who asks, refusals too', async () => {
    for (const path of ['/user', `${ws}/nowhere`, '/nothing']) {
      const { headers } = await mara('GET', path)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('ETag')
      expect(headers.get('vary')).toBe('Authorization, origin, Accept-Encoding')
    }
  })

  test('an ETag changes with the answer; If-None-Match is answered 304 on lists and single objects', async () => {
    for (const path of [pull, `${ws}/storefront-api/pullrequests?pagelen=1`]) {
      const etag = (await mara('GET', path)).headers.get('etag') ?? ''
      expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/)
      const match = { 'if-none-match': `"other", ${etag}` }
      expect((await mara('GET', path, undefined, match)).status).toBe(304)
      expect((await mara('GET', `${path.split('?')[0]}?fields=type`, undefined, match)).status).toBe(200)
    }
    const before = (await mara('GET', pull)).headers.get('etag') ?? ''
    await mara('PUT', pull, { title: 'Another title' })
    expect((await mara('GET', pull, undefined, { 'if-none-match': before })).status).toBe(200)
  })

  test('anonymous answers may be cached for fifteen minutes, others not', async () => {
    expect((await nobody('GET', '/hook_events')).headers.get('cache-control')).toBe('max-age=900')
    expect((await mara('GET', '/hook_events')).headers.get('cache-control')).toBeNull()
  })

  test('say which scopes were wanted and had, and what kind of credential came', async () => {
    const one = await mara('GET', `${ws}/ledger-core/pullrequests`)
    expect(one.headers.get('x-accepted-oauth-scopes')).toBe('pullrequest')
    expect(one.headers.get('x-oauth-scopes')).toContain('read:pullrequest:bitbucket')
    expect(one.headers.get('x-credential-type')).toBe('api_token')
    const bot = asker(simulator, `Bearer ${simulator.workspace_access_token}`)
    expect((await bot('GET', '/user')).headers.get('x-credential-type')).toBe('workspace_access_token')
    expect((await mara('GET', '/nothing')).headers.get('x-oauth-scopes')).toContain('read:user:bitbucket')
    const none = await nobody('GET', `${ws}/ledger-core`)
    expect(none.headers.get('x-credential-type')).toBe('unauthenticated_identity')
    expect(none.headers.get('x-accepted-oauth-scopes')).toBe('repository')
  })

  test('name every answer for the support', async () => {
    const [one, other] = [await mara('GET', '/user'), await mara('GET', '/nothing')]
    expect(one.headers.get('atl-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(one.headers.get('atl-traceid')).toBe(one.headers.get('atl-request-id')?.replaceAll('-', ''))
    expect(other.headers.get('atl-request-id')).not.toBe(one.headers.get('atl-request-id'))
    expect(one.headers.get('x-request-count')).toMatch(/^\d+$/)
  })
})
