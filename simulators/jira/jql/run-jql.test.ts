import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, says } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let now: number

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 10)
  simulator = await startSimulator({ clock: () => now })
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => await simulator.close())

async function search(jql: string, rest: object = {}) {
  return await tomas('POST', '/search/jql', { jql, fields: ['summary'], ...rest })
}

async function keys(jql: string): Promise<string[]> {
  const found = await search(jql)
  expect(found.text).toContain('issues')
  return Object(found.body).issues.map((one: { key: string }) => one.key)
}

test.each([
  ['project = SHOP ORDER BY key', ['SHOP-1', 'SHOP-2', 'SHOP-3']],
  ['project = "storefront" and status != Done order by key desc', ['SHOP-2', 'SHOP-1']],
  ['project in (SHOP, LEDG) AND statusCategory = "In Progress" ORDER BY key', ['LEDG-1', 'SHOP-1']],
  ['project = LEDG AND status = "In repair"', ['LEDG-1']],
  ['key in (SHOP-1, LEDG-2) ORDER BY key ASC', ['LEDG-2', 'SHOP-1']],
  ['labels = docs', ['SHOP-2']],
  ['labels in (basket, security) ORDER BY priority DESC', ['LEDG-1', 'SHOP-1']],
  ['project = SHOP AND labels is EMPTY', ['SHOP-3']],
  ['project = SHOP AND labels != basket ORDER BY key', ['SHOP-2']],
  ['assignee = currentUser() ORDER BY key', ['LEDG-1', 'SHOP-1']],
  ['project = SHOP AND assignee is null', ['SHOP-2']],
  ['project = SHOP AND resolution = Unresolved ORDER BY key', ['SHOP-1', 'SHOP-2']],
  ['resolution = Done', ['SHOP-3']],
  ['summary ~ "rounded twice"', ['SHOP-3']],
  ['text ~ "session cookie"', ['SHOP-1']],
  ['comment ~ cookie OR description ~ \'"one page"\' ORDER BY key', ['SHOP-1', 'SHOP-2']],
  ['"Data class" = Confidential', ['LEDG-1']],
  ['cf[10042] in (Internal, Confidential) order by key', ['LEDG-1', 'LEDG-2']],
  ['project = SHOP AND NOT (priority = High OR priority = Low)', ['SHOP-3']],
  ['project = SHOP AND key >= SHOP-2 ORDER BY key', ['SHOP-2', 'SHOP-3']],
  ['issuetype = "Security defect"', ['LEDG-1']],
  ['project = SHOP AND created < "2026-11-15 14:00"', ['SHOP-1']],
  ['project = SHOP AND updated >= -5m', []],
  ['project = SHOP AND updated >= -7d ORDER BY key', ['SHOP-1', 'SHOP-2', 'SHOP-3']],
])('%s', async (jql, expected) => {
  expect(await keys(jql)).toEqual(expected)
})

test('a change is found by the poll for what was updated', async () => {
  await tomas('POST', '/issue/SHOP-2/comment', { body: says('hello') })
  expect(await keys('project = SHOP AND updated >= -5m ORDER BY updated')).toEqual(['SHOP-2'])
  expect(await keys('project = SHOP AND updated >= "2026-11-21 10:00"')).toEqual(['SHOP-2'])
  now += 6 * 60_000
  expect(await keys('project = SHOP AND updated >= -5m')).toEqual([])
})

test('dates without a zone are the caller’s', async () => {
  await tomas('POST', '/issue/SHOP-2/comment', { body: says('hello') })
  const yuki = askAs(simulator, 'yuki')
  const count = async (ask: Ask, jql: string) => (await ask('POST', '/search/approximate-count', { jql })).at('count')
  // 10:00 in UTC is 19:00 in Tokyo.
  expect(await count(yuki, 'project = SHOP AND updated >= "2026-11-21 19:00"')).toBe(1)
  expect(await count(tomas, 'project = SHOP AND updated >= "2026-11-21 19:00"')).toBe(0)
  expect(await count(yuki, 'project = SHOP AND updated >= startOfDay()')).toBe(1)
})

test.each([
  ['nonsense = 1', "Field 'nonsense' does not exist or you do not have permission to view it."],
  ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
  ['status = Nowhere', "The value 'Nowhere' does not exist for the field 'status'."],
  ['project ~ SHOP', "The operator '~' is not supported by the 'project' field."],
  ['summary = x', "The operator '=' is not supported by the 'summary' field."],
  ['assignee = membersOf(dev)', "Unable to find JQL function 'membersOf(dev)'."],
  ['order by key', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
  ['', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
  ['project = SHOP order by nonsense', "Field 'nonsense' does not exist or you do not have permission to view it."],
  [
    'issue.property[weir.link].id = 1',
    "Field 'issue.property[weir.link].id' does not exist or you do not have permission to view it.",
  ],
])('%s is refused', async (jql, message) => {
  const found = await search(jql)
  expect([found.status, found.body]).toEqual([400, { errorMessages: [message], errors: {} }])
})

test.each([
  ['project ='],
  ['project = SHOP AND'],
  ['project SHOP'],
  ['(project = SHOP'],
  ['project = "SHOP'],
  ['project = SHOP status = Done'],
])('%s cannot be read', async (jql) => {
  const found = await search(jql)
  expect(found.status).toBe(400)
  expect(found.text).toContain('Error in the JQL Query')
})

test('a value of a project nobody may see does not exist for them', async () => {
  const found = await askAs(simulator, 'yuki')('POST', '/search/jql', { jql: 'project = LEDG' })
  expect(found.at('errorMessages')).toEqual(["The value 'LEDG' does not exist for the field 'project'."])
})

test('pages follow each other by token, and a token is good for its query alone', async () => {
  const first = await search('project = SHOP ORDER BY key', { maxResults: 2 })
  expect(first.body).toMatchObject({ isLast: false, issues: [{ key: 'SHOP-1' }, { key: 'SHOP-2' }] })
  const nextPageToken = first.at('nextPageToken')
  const second = await search('project = SHOP ORDER BY key', { maxResults: 2, nextPageToken })
  expect(second.body).toMatchObject({ isLast: true, issues: [{ key: 'SHOP-3' }] })
  expect(second.at('nextPageToken')).toBeUndefined()
  expect((await search('project = LEDG', { nextPageToken })).status).toBe(400)
  expect((await search('project = SHOP', { nextPageToken: 'made-up' })).status).toBe(400)
})

test.each([
  ['live', ['SHOP-1']],
  ['snapshot', ['SHOP-3']],
] as const)('an issue that moves while paging: %s', async (reading, expected) => {
  simulator.switches.searchPaging = reading
  const jql = 'project = SHOP ORDER BY updated'
  const first = await search(jql, { maxResults: 2 })
  const seen = Object(first.body).issues.map((one: { key: string }) => one.key)
  expect(seen).toEqual(['SHOP-1', 'SHOP-2'])
  // The first one goes to the end, so everything moves up by one.
  await tomas('POST', '/issue/SHOP-1/comment', { body: says('moved') })
  const second = await search(jql, { maxResults: 2, nextPageToken: first.at('nextPageToken') })
  const rest = Object(second.body).issues.map((one: { key: string }) => one.key)
  expect(rest).toEqual(expected)
})

test('without fields there are only ids; by GET it is the same search; the old one is gone', async () => {
  const bare = await tomas('GET', `/search/jql?jql=${encodeURIComponent('key = SHOP-1')}`)
  expect(bare.body).toEqual({ isLast: true, issues: [{ id: expect.any(String) }] })
  const keyed = await tomas('GET', `/search/jql?fields=key&jql=${encodeURIComponent('key = SHOP-1')}`)
  expect(keyed.at('issues')).toEqual([
    { id: expect.any(String), key: 'SHOP-1', self: expect.any(String), expand: expect.any(String) },
  ])
  const full = await tomas('GET', `/search/jql?fields=summary,labels&jql=${encodeURIComponent('key = SHOP-1')}`)
  expect(full.at('issues')).toMatchObject([{ key: 'SHOP-1', fields: { labels: ['basket'] } }])
  expect((await tomas('GET', '/search?jql=project=SHOP')).status).toBe(410)
  expect((await tomas('POST', '/search/jql', { jql: 'key = SHOP-1', startAt: 0 })).status).toBe(400)
})

test('an index that lags behind does not see what is new, unless told to look', async () => {
  simulator.switches.searchIndexDelayMs = 30_000
  const made = await tomas('POST', '/issue', {
    fields: { project: { key: 'SHOP' }, issuetype: { name: 'Task' }, summary: 'fresh' },
  })
  const jql = 'project = SHOP AND summary ~ fresh'
  expect(await keys(jql)).toEqual([])
  const told = await search(jql, { reconcileIssues: [Number(made.at('id'))] })
  expect(told.at('issues')).toHaveLength(1)
  now += 31_000
  expect(await keys(jql)).toEqual(['SHOP-4'])
})
