import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { openReceiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, basic, type Reply, says, userOf } from './try-api.ts'

let simulator: Simulator
let mara: Ask
let tomas: Ask
beforeEach(async () => {
  simulator = await startSimulator({ control: true })
  mara = askAs(simulator, 'mara')
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => await simulator.close())

async function control(method: string, path: string, body?: unknown, wanted = 200): Promise<Reply> {
  const reply = await asker('', undefined)(method, `${simulator.site}/__control${path}`, body)
  if (reply.status !== wanted) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
  return reply
}

const change = async (body: unknown) => await control('POST', '/changes', body)
const email = 'tomas@meadow-goods.example'
const sees = async (ask: Ask, issue: string) => (await ask('GET', `/issue/${issue}`)).status

describe('faults', () => {
  test('are planned, counted after their end too, and removed', async () => {
    await control('POST', '/faults', { path: '/rest/api/3/myself', action: { kind: 'answer', status: 503 } })
    expect((await control('GET', '/faults')).body).toMatchObject({ requestFaults: [{ seen: 0 }] })
    const statuses: number[] = []
    for (let round = 0; round < 3; round += 1) statuses.push((await tomas('GET', '/myself')).status)
    expect(statuses).toEqual([503, 200, 200])
    expect((await control('GET', '/faults')).body).toMatchObject({ requestFaults: [{ seen: 3 }], webhookFaults: [] })
    expect((await control('DELETE', '/faults')).body).toEqual({ requestFaults: [], webhookFaults: [] })
  })

  test('change something just before a request, or say why they cannot any more', async () => {
    const gone = { what: 'issue', issue: 'SHOP-2', deleted: true }
    const fault = { path: '*/issue/*', from: 2, action: { kind: 'change', change: gone } }
    await control('POST', '/faults', [fault, { ...fault, from: 4 }])
    expect([await sees(tomas, 'SHOP-2'), await sees(tomas, 'SHOP-2')]).toEqual([200, 404])
    await tomas('GET', '/issue/SHOP-1')
    await tomas('GET', '/issue/SHOP-1')
    const late = await tomas('GET', '/issue/SHOP-1')
    expect(late.status).toBe(400)
    expect(late.at('errorMessages')).toEqual(['The planned change could not be made: there is no issue "SHOP-2"'])
  })
})

describe('changes', () => {
  test('of a person: renamed, deactivated, anonymised', async () => {
    await change({ what: 'person', email, displayName: 'Tomas O.' })
    expect((await tomas('GET', '/myself')).at('displayName')).toBe('Tomas O.')
    await change({ what: 'person', email, active: false })
    expect((await tomas('GET', '/myself')).status).toBe(401)
    await change({ what: 'person', email, becomes: 'anonymised' })
    const id = encodeURIComponent(userOf(simulator, 'tomas').account_id)
    const person = (await mara('GET', `/user?accountId=${id}`)).body
    expect(person).toMatchObject({ displayName: 'Former user', active: false })
  })

  test('of a project: renamed, and taken from one person alone', async () => {
    await change({ what: 'project', project: 'SHOP', name: 'Shop window', takenFrom: email })
    expect((await mara('GET', '/project/SHOP')).at('name')).toBe('Shop window')
    expect([await sees(tomas, 'SHOP-1'), await sees(askAs(simulator, 'yuki'), 'SHOP-1')]).toEqual([404, 200])
  })

  test('of an issue: moved under a new key, to which the old one leads; then deleted', async () => {
    const receiver = await openReceiver()
    try {
      const events = ['jira:issue_updated', 'jira:issue_deleted']
      await mara('POST', '/rest/webhooks/1.0/webhook', { name: 'x', url: receiver.url, events })
      await change({ what: 'issue', issue: 'SHOP-1', project: 'LEDG' })
      const moved = await tomas('GET', '/issue/SHOP-1')
      const key = String(moved.at('key'))
      expect([moved.status, key.startsWith('LEDG-')]).toEqual([200, true])
      expect(moved.at('fields', 'status', 'name')).toBe('Reported')
      expect((await tomas('GET', '/search/jql?jql=key%20%3D%20SHOP-1')).text).toContain('"id"')
      expect(await sees(askAs(simulator, 'yuki'), 'SHOP-1')).toBe(404)
      await control('POST', '/flush')
      expect(at(receiver.caught[0]?.body, 'issue_event_type_name')).toBe('issue_moved')
      await change({ what: 'issue', issue: key, deleted: true })
      expect([await sees(tomas, key), await sees(tomas, 'SHOP-1')]).toEqual([404, 404])
      await control('POST', '/flush')
      expect(at(receiver.caught[1]?.body, 'webhookEvent')).toBe('jira:issue_deleted')
    } finally {
      await receiver.close()
    }
  })

  test('of a hook and of a credential', async () => {
    const made = await mara('POST', '/rest/webhooks/1.0/webhook', { name: 'x', url: 'http://127.0.0.1:9/', events: [] })
    const id = String(made.at('self')).split('/').at(-1)
    await change({ what: 'hook', id, deleted: true })
    expect((await mara('GET', `/rest/webhooks/1.0/webhook/${id}`)).status).toBe(404)
    const scopes = ['read:jira-work', 'read:jira-user']
    const { token } = Object((await control('POST', '/credentials', { email, scopes })).body)
    const scoped = asker(simulator.gateway, basic(email, String(token)))
    const statuses = async () => [(await scoped('GET', '/myself')).status, (await scoped('GET', '/field')).status]
    expect(await statuses()).toEqual([200, 200])
    await change({ what: 'credential', token, becomes: 'reduced', scopes: ['read:jira-work'] })
    expect(await statuses()).toEqual([401, 200])
    await change({ what: 'credential', token, becomes: 'expired' })
    expect(await statuses()).toEqual([401, 401])
  })
})

describe('the clock', () => {
  test('driven by hand brings every attempt of a webhook in one move, and goes back', async () => {
    const receiver = await openReceiver()
    try {
      await control('POST', '/clock', { set: '2027-01-01T00:00:00Z' })
      await control('POST', '/switches', { webhookRetryDelayMs: 300_000, searchIndexDelayMs: 60_000 })
      const events = ['comment_created']
      await mara('POST', '/rest/webhooks/1.0/webhook', { name: 'x', url: receiver.url, events })
      receiver.answers.push(503, 503, 503)
      await tomas('POST', '/issue/SHOP-1/comment', { body: says('x') })
      expect((await control('POST', '/clock', { advance: 3600 })).at('waiting')).toBe(0)
      expect(receiver.caught).toHaveLength(4)
      await control('POST', '/clock', { set: '2020-01-01T00:00:00Z' })
      const said = await tomas('POST', '/issue/SHOP-1/comment', { body: says('y') })
      expect(said.at('created')).toMatch(/^2020-01-01T00:00:00\.0/)
      expect(said.headers.get('date')).toBe('Wed, 01 Jan 2020 00:00:00 GMT')
      expect((await control('POST', '/clock', { run: true })).at('driven')).toBe('by_itself')
    } finally {
      await receiver.close()
    }
  })

  test('set back frees the rate limits, and a search sees new issues as soon as before', async () => {
    const issue = { fields: { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: 'Brandnew' } }
    const find = async () => (await tomas('GET', '/search/jql?jql=summary%20~%20Brandnew')).at('issues')
    await control('POST', '/clock', { set: '2030-01-01T00:00:00Z' })
    await control('POST', '/switches', { searchIndexDelayMs: 60_000, rateLimits: { issueWrites30s: 1 } })
    await tomas('POST', '/issue', issue)
    const write = async () => (await tomas('PUT', '/issue/SHOP-2', { fields: { labels: ['x'] } })).status
    expect([await write(), await write()]).toEqual([204, 429])
    await control('POST', '/clock', { set: '2027-01-01T00:00:00Z' })
    await control('POST', '/clock', { advance: 59 })
    expect([await find(), await write()]).toEqual([[], 204])
    await control('POST', '/clock', { advance: 1 })
    expect(await find()).toHaveLength(1)
  })
})

test.each([
  ['/faults', { path: 'rest/*', action: { kind: 'truncate' } }, /^path must begin with/],
  ['/faults', { event: 'repo:push', action: { kind: 'drop' } }, /^event must fit one of jira:issue_created, /],
  ['/faults', { action: { kind: 'change', change: { what: 'hook', id: '7', deleted: true } } }, /no hook "7"/],
  [
    '/faults',
    { action: { kind: 'rate_limit', retryAfterSeconds: -1 } },
    /^action.retryAfterSeconds must be at least 0/,
  ],
  ['/changes', { what: 'project', project: 'SHOP', takenFrom: 'mara@meadow-goods.example' }, /administers the site/],
  ['/changes', { what: 'issue', issue: 'SHOP-1', project: 'SHOP' }, /is in SHOP already/],
  ['/changes', { what: 'person', email, timeZone: 'Moon/Base' }, /^timeZone must be a time zone/],
  ['/clock', { advance: 1e18 }, /end of 2099/],
  ['/credentials', { email, scopes: ['everything'] }, /^scopes.0 must be/],
  ['/credentials', { email: 'nobody@x.example' }, /no person "nobody@x.example"/],
  ['/people', { email, activ: false }, /"activ"/],
  ['/people', 'x', /no JSON/],
  ['/oauth-callbacks', { callback_urls: ['x'] }, /^callback_urls.0 must be an http address/],
])('POST %s %j is refused in words', async (path, body, problem) => {
  const before = JSON.stringify([simulator.switches, simulator.sim.credentials.length, simulator.sim.people])
  expect((await control('POST', path, body, 400)).at('problem')).toMatch(problem)
  expect(JSON.stringify([simulator.switches, simulator.sim.credentials.length, simulator.sim.people])).toBe(before)
})

test('an unknown path says which there are, a wrong method which it takes', async () => {
  expect((await control('GET', '/nothing', undefined, 404)).at('problem')).toContain('/__control/changes')
  expect((await control('DELETE', '/clock', undefined, 405)).at('problem')).toContain('takes GET, POST')
})

test('the recipes of the README are understood', async () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const recipes = [...readme.matchAll(/^curl \$C(\/[a-z]+) -d '([^']+)'/gm)]
  expect(recipes).toHaveLength(9)
  for (const [, path = '', body = ''] of recipes) await control('POST', path, body)
})
