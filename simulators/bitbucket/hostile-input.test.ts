import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, basic } from './try-api.ts'

let simulator: Simulator
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const pull = `${shop}/pullrequests/4`
const json = { 'content-type': 'application/json' }

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)

test.each(['('.repeat(6000), nested('(', ')', 3000), `${'('.repeat(101)}state = "OPEN"${')'.repeat(101)}`])(
  'a question nested without end is no question',
  async (q) => {
    const reply = await mara('GET', `${shop}/pullrequests?q=${encodeURIComponent(q)}`)
    expect([reply.status, reply.at('error', 'message')]).toEqual([400, 'Invalid query'])
  },
)

test('parentheses that somebody may mean are read', async () => {
  const q = `${'('.repeat(50)}state = "OPEN"${')'.repeat(50)}`
  expect((await mara('GET', `${shop}/pullrequests?q=${encodeURIComponent(q)}`)).status).toBe(200)
})

test.each([
  ['['.repeat(100_000)],
  [nested('[', ']', 100_000)],
  [`${'{"content":'.repeat(5000)}1${'}'.repeat(5000)}`],
  [`{"title":"t","description":${nested('[', ']', 5000)}}`],
])('a body nested without end is bad JSON', async (body) => {
  const reply = await mara('POST', `${pull}/comments`, body, json)
  expect([reply.status, reply.body]).toEqual([400, { type: 'error', error: { message: 'Bad request' } }])
})

test.each(['%zz', '%:x', '%', '%e0%a4%a'])('a client called %s is unknown', async (name) => {
  const ask = asker(simulator, basic(name, '%zz'))
  const reply = await ask('POST', `${simulator.web}/site/oauth2/access_token`, 'grant_type=client_credentials', {
    'content-type': 'application/x-www-form-urlencoded',
  })
  expect([reply.status, reply.at('error')]).toEqual([401, 'unauthorized_client'])
})

test.each([
  ['GET', `${shop}/commits?path=%00`, undefined],
  ['GET', `${shop}/diff/main?path=a%00b`, undefined],
  ['POST', `${shop}/refs/branches`, { name: 'a\0b', target: { hash: 'main' } }],
  ['POST', `${shop}/refs/branches`, { name: 'x'.repeat(1_000_000), target: { hash: 'main' } }],
  ['POST', `${shop}/refs/branches`, { name: 'x', target: { hash: 'x'.repeat(1_000_000) } }],
])('%s %s names nothing that git can be asked for', async (method, path, body) => {
  expect((await mara(method, path, body)).status).toBe(400)
})

test('an address that cannot be decoded stays a bad request while the past is kept', async () => {
  simulator.planFault({ path: '*', action: { kind: 'stale', versions: 1 }, times: 9 })
  try {
    for (const method of ['GET', 'POST'])
      expect((await mara(method, '/repositories/meadow-goods/%zz', method === 'POST' ? {} : undefined)).status).toBe(
        400,
      )
  } finally {
    simulator.clearFaults()
  }
})

test('a commit whose pipelines file is nested without end is made, and its pipeline has an error', async () => {
  const form = new FormData()
  form.append('bitbucket-pipelines.yml', `pipelines: ${nested('[', ']', 20_000)}`)
  form.append('branch', 'deep')
  expect((await mara('POST', `${shop}/src`, form)).status).toBe(201)
  const [pipeline] = (await mara('GET', `${shop}/pipelines?sort=-created_on`)).values
  expect(at(pipeline, 'target', 'ref_name')).toBe('deep')
  expect(at(pipeline, 'state', 'result', 'name')).toBe('ERROR')
})

test('paths that lead nowhere have one budget, whatever they are called', async () => {
  await mara('GET', '/nowhere-1')
  const before = simulator.sim.usage.size
  for (const path of ['/nowhere-2', '/nowhere-3/x', '/repositories/a/b/nowhere', '/__proto__'])
    expect((await mara('GET', path)).status).toBe(404)
  expect(simulator.sim.usage.size).toBe(before)
})

const commit = `${shop}/commit/main`
const report = { title: 't', details: 'd' }
const note = { external_id: 'a', summary: 's' }

test.each([
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  'file:///etc',
  '//a.example',
  'x',
])('%j is no address that is taken', async (url) => {
  const answers = [
    await mara('POST', `${commit}/statuses/build`, { key: 'k', state: 'FAILED', url }),
    await mara('PUT', `${commit}/reports/r`, { ...report, link: url }),
    await mara('PUT', `${commit}/reports/r`, { ...report, logo_url: url }),
    await mara('PUT', `${commit}/reports/r`, { ...report, data: [{ title: 'n', type: 'LINK', value: url }] }),
    await mara('PUT', `${commit}/reports/r`, {
      ...report,
      data: [{ title: 'n', type: 'LINK', value: { text: 'a', href: url } }],
    }),
    await mara('POST', `${shop}/hooks`, { url, events: ['repo:push'] }),
  ]
  for (const { status, text } of answers) {
    expect(status).toBe(400)
    expect(text).toContain('Enter a valid URL.')
  }
  await mara('PUT', `${commit}/reports/good`, { ...report, link: 'https://a.example/', logo_url: null })
  expect((await mara('POST', `${commit}/reports/good/annotations`, [{ ...note, link: url }])).status).toBe(400)
  expect((await mara('PUT', `${commit}/reports/good/annotations/a`, { ...note, link: url })).status).toBe(400)
  expect(
    (await mara('POST', `${commit}/reports/good/annotations`, [{ ...note, link: 'http://a.example' }])).status,
  ).toBe(200)
})

test.each(['__proto__', '-constructor', 'toString'])('%s is no word of ours', async (word) => {
  for (const path of [`${shop}/pipelines`, `${shop}/deployments`, `${shop}/pullrequests`])
    expect((await mara('GET', `${path}?sort=${word}`)).status).toBe(400)
  expect((await mara('GET', `/repositories/meadow-goods?role=${word}`)).status).toBe(400)
  const url = `https://a.example/{${word.replace('-', '')}}`
  const status = await mara('POST', `${commit}/statuses/build`, { key: 'word', state: 'FAILED', url })
  expect(status.at('url')).toBe(url)
})
