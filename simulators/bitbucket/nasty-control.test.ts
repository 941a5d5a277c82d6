import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'

let simulator: Simulator
let control: Control
let mara: Ask

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
})
afterEach(async () => {
  await control('DELETE', '/faults')
  simulator.requests.length = 0
})
afterAll(async () => await simulator.close())

const me = async () => await mara('GET', '/user')
const truncate = { kind: 'truncate' }

describe('what can never match or never happen is refused when it is said', () => {
  test.each([
    ['/faults', { method: 'get', action: truncate }, /^method must be "\*", "GET", /],
    ['/faults', { method: 'FETCH', action: truncate }, /^method must be /],
    ['/faults', { path: '2.0/user', action: truncate }, /^path must begin with/],
    ['/faults', { path: '/2.0/user?page=2', action: truncate }, /without its query/],
    ['/faults', { path: '/__control/faults', action: truncate }, /control interface/],
    ['/faults', { pathh: '/2.0/user', action: truncate }, /^there is no field "pathh"/],
    ['/faults', { event: 'pullrequest:exploded', action: { kind: 'drop' } }, /^event must fit one of repo:push, /],
    ['/faults', { event: 'pull*', action: { kind: 'explode' } }, /^action.kind must be "drop", "delay", /],
    [
      '/faults',
      { event: 'repo:push', plan: { kind: 'script', steps: [] } },
      /^plan.steps must have at least 1 entries/,
    ],
    ['/faults', { path: '/2.0/*' }, /^action is missing: it must be an object/],
    ['/faults', { action: { kind: 'delay', ms: 1e18 } }, /^action.ms must be at most 315576000000/],
    ['/faults', { action: { kind: 'answer', status: 200, body: 7 } }, /^action.body must be a text, or an object/],
    ['/faults', { action: { kind: 'answer', status: 200, headers: { 'a b': 'x' } } }, /^action.headers must be/],
    ['/faults', { action: { kind: 'answer', status: 200, headers: { a: 'x\ny' } } }, /^action.headers must be/],
    ['/faults', { action: { kind: 'answer', status: 200, headers: { 'Content-Length': '7' } } }, /^action.headers/],
    [
      '/faults',
      { action: { kind: 'credential', becomes: 'reduced', scopes: ['everything'] } },
      /^action.scopes.0 must/,
    ],
    ['/faults', { action: { kind: 'credential', becomes: 'expired', scopes: [] } }, /only when reduced/],
    [
      '/faults',
      { action: { kind: 'change', change: { what: 'repository', repository: 'none', deleted: true } } },
      /no repository "none"/,
    ],
    [
      '/faults',
      { action: { kind: 'change', change: { what: 'repository', repository: 'ledger-core', project: 'NONE' } } },
      /no project "NONE"/,
    ],
    ['/changes', { what: 'repository', repository: 'ledger-core' }, /must say what happens/],
    ['/changes', { what: 'person', username: 'mara-lind', newUsername: 'tomas-okoye' }, /another person is called/],
    ['/changes', { what: 'repository', repository: 'ledger-core', name: '///' }, /name/],
    ['/changes', { what: 'weather' }, /^what must be "person", "repository" or "hook"/],
    ['/credentials', { kind: 'api_token', username: 'mara-lind', scopes: ['repository'] }, /no "repository" for this/],
    ['/credentials', { kind: 'access_token', username: 'mara-lind', scopes: ['everything'] }, /no "everything"/],
    ['/credentials', { kind: 'oauth', username: 'mara-lind' }, /^kind must be "api_token", /],
    [
      '/credentials',
      { kind: 'api_token', username: 'mara-lind', expires_at: 'soon' },
      /^expires_at must be a date and time/,
    ],
    ['/credentials', { kind: 'api_token', username: 'mara-lind', repository: 'ledger-core' }, /no field "repository"/],
    ['/credentials', { kind: 'api_token', username: 'mara-lind', workspace: 'none' }, /^workspace: there is no/],
    ['/credentials', { kind: 'access_token', username: 'mara-lind', project: 'NONE' }, /^project: there is no project/],
    ['/credentials', { kind: 'access_token', username: 'mara-lind', repository: 'none' }, /^repository: there is no/],
    [
      '/credentials',
      { kind: 'access_token', username: 'mara-lind', project: 'PLAT', repository: 'ledger-core' },
      /one of workspace, project and repository/,
    ],
    [
      '/credentials',
      { kind: 'app_password', username: 'mara-lind', expires_at: '2027-01-01T00:00:00Z' },
      /no field "expires_at"/,
    ],
    ['/credentials', { token: 'none', revoked: true }, /^token: there is no such credential/],
    ['/credentials', { token: 'none', revokd: true }, /"revokd"/],
    ['/oauth-callback', { callback_url: 'javascript:alert(1)' }, /^callback_url must be an http address/],
    ['/oauth-callback', {}, /^callback_url is missing/],
    ['/switches', { clockSkewMs: 1e300 }, /^clockSkewMs must be at most/],
    ['/switches', { webhookTimeoutMs: 0.5 }, /^webhookTimeoutMs must be a whole number/],
    ['/switches', { requestFaults: [{ method: 'GET', path: 'x', plan: {} }] }, /^requestFaults.0.path must/],
  ])('POST %s %j', async (path, body, problem) => {
    const before = JSON.stringify([simulator.switches, simulator.sim.credentials.length])
    const refused = await controlOf(simulator, 400)('POST', path, body)
    expect(refused.at('problem')).toMatch(problem)
    expect(JSON.stringify([simulator.switches, simulator.sim.credentials.length])).toBe(before)
  })

  test('a fault that has met nothing yet says so', async () => {
    await control('POST', '/faults', { path: '/2.0/user', action: truncate })
    const planned = await control('POST', '/faults', { event: 'repo:push', action: { kind: 'drop' } })
    expect(planned.body).toMatchObject({ requestFaults: [{ seen: 0 }], webhookFaults: [{ seen: 0 }] })
    expect((await control('GET', '/faults')).body).toEqual(planned.body)
    await me()
    expect((await control('GET', '/faults')).body).toMatchObject({ requestFaults: [{ seen: 1 }] })
  })

  test('in every spelling that can match it is taken', async () => {
    for (const event of ['*', 'issue:created', 'repo:*', 'pipeline:span_created', 'pullrequest:push'])
      await control('POST', '/faults', { event, action: { kind: 'drop' } })
    for (const path of ['*', '/2.0/*', '*/comments', '/meadow-goods/storefront-api.git/info/refs'])
      await control('POST', '/faults', { path, action: truncate })
    const shown = await control('GET', '/faults')
    await control('DELETE', '/faults')
    await control('POST', '/switches', shown.body)
    expect((await control('GET', '/faults')).body).toEqual(shown.body)
  })
})

test('an unknown path says which there are, a wrong method which it takes', async () => {
  const ask = asker(simulator, undefined)
  for (const path of ['/fault', '/faults/1', '/clock/now', '//']) {
    const reply = await ask('GET', `${simulator.control}${path}`, undefined, { accept: 'text/html' })
    const isSlash = path === '//'
    expect([path, reply.status]).toEqual([path, isSlash ? 200 : 404])
    if (!isSlash) expect(reply.at('problem')).toMatch(/^there is no \/__control\/.*, but .*\/__control\/faults/)
  }
  const wrong = await ask('PUT', `${simulator.control}/faults`, {})
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE'])
  expect(wrong.at('problem')).toBe('/__control/faults takes GET, POST, DELETE, not PUT')
  expect((await ask('GET', `${simulator.control}/changes`)).status).toBe(405)
  expect((await ask('GET', `${simulator.control}/clock/`)).status).toBe(200)
})

describe('a fault that strikes', () => {
  test('with a change that has become impossible says so in the envelope of the API, and in the log', async () => {
    const change = { what: 'person', username: 'piet-oosten', displayName: 'Piet' }
    await control('POST', '/faults', { path: '/2.0/user', action: { kind: 'change', change } })
    await control('POST', '/changes', { ...change, newUsername: 'piet' })
    const reply = await me()
    expect([reply.status, reply.at('type')]).toEqual([400, 'error'])
    expect(reply.at('error', 'message')).toBe('The planned change could not be made: there is no person "piet-oosten"')
    expect(simulator.requests.at(-1)).toMatchObject({ fault: 'change', status: 400 })
    expect((await me()).status).toBe(200)
  })

  test('answers with a text as it is, and with anything else as JSON', async () => {
    const answer = { kind: 'answer', status: 200 }
    await control('POST', '/faults', [
      { path: '/2.0/user', action: { ...answer, body: 'late' } },
      { path: '/2.0/user', action: { ...answer, body: { error: ['x'] } } },
      { path: '/2.0/user', action: { ...answer, body: [1], headers: { 'Content-Type': 'text/odd' } } },
    ])
    const replies = [await me(), await me(), await me()]
    expect(replies.map((one) => [one.text, one.headers.get('content-type')])).toEqual([
      ['late', 'text/plain; charset=utf-8'],
      ['{"error":["x"]}', 'application/json; charset=utf-8'],
      ['[1]', 'text/odd'],
    ])
  })

  test('counts what it matches after its end too', async () => {
    await control('POST', '/faults', { path: '/2.0/user', action: { kind: 'failure', status: 503 } })
    for (let round = 0; round < 3; round += 1) await me()
    expect(at((await control('GET', '/faults')).body, 'requestFaults')).toMatchObject([{ seen: 3 }])
  })
})

test('by chance each request meets its own fate, in whatever order they come', async () => {
  const paths = ['/user', '/workspaces', '/user/emails', '/workspaces/meadow-goods', '/user/workspaces']
  const plan = { kind: 'chance', probability: 0.5, seed: 3, actions: [{ kind: 'failure', status: 503 }] }
  const run = async (order: string[]) => {
    await control('DELETE', '/faults')
    await control('POST', '/faults', { method: '*', path: '/2.0/*', plan })
    const fates: Record<string, boolean[]> = {}
    for (let round = 0; round < 4; round += 1)
      for (const path of order) (fates[path] ??= []).push((await mara('GET', path)).status === 503)
    return fates
  }
  const fates = await run(paths)
  expect(await run(paths.toReversed())).toEqual(fates)
  expect(new Set(Object.values(fates).flat()).size).toBe(2)
})
