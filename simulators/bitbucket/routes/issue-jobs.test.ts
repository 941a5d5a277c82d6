import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, toJson } from '../../shared/json.ts'
import { readZip, writeZip } from '../../shared/zip.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let now = Date.UTC(2026, 10, 20)
const from = '/repositories/meadow-goods/storefront-api'
const into = '/repositories/meadow-goods/ledger-core'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy', clock: () => now })
  mara = askAs(simulator, 'mara-lind')
  const tracker = simulator.sim.repositories.find((one) => one.slug === 'storefront-api')?.tracker
  tracker?.component.push({ id: 4, name: 'UI' })
  Object.assign(tracker?.defaults ?? {}, { kind: 'task', component: tracker?.component[0] })
  const tomas = askAs(simulator, 'tomas-okoye')
  await tomas('POST', `${from}/issues`, { title: 'deleted' })
  await tomas('POST', `${from}/issues`, { title: 'kept', content: { raw: 'as **it** was' }, kind: 'bug' })
  await tomas('DELETE', `${from}/issues/1`)
  await tomas('POST', `${from}/issues/2/comments`, { content: { raw: 'a word' } })
  await mara('POST', `${from}/issues/2/changes`, {
    changes: { state: { new: 'resolved' }, assignee: { new: 'ines-calder' } },
    message: { raw: 'done' },
  })
  await mara('PUT', `${from}/issues/2/vote`)
  const form = new FormData()
  form.append('files', new Blob(['bytes']), 'a b.txt')
  await tomas('POST', `${from}/issues/2/attachments`, form)
})
afterAll(async () => {
  await simulator.close()
})

async function exported(options: object): Promise<Buffer> {
  const started = await mara('POST', `${from}/issues/export`, options)
  const location = started.headers.get('location') ?? ''
  expect([started.status, started.text]).toEqual([202, ''])
  expect(location).toMatch(/storefront-api\/issues\/export\/storefront-api-issues-[0-9a-f-]{36}\.zip$/)
  now += simulator.switches.tracker.jobMs
  const user = simulator.users.find((one) => one.username === 'mara-lind')
  const authorization = `Basic ${Buffer.from(`${user?.email}:${user?.api_token}`).toString('base64')}`
  const response = await fetch(location, { headers: { authorization } })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
  return Buffer.from(await response.arrayBuffer())
}

function archive(bytes: Buffer): FormData {
  const form = new FormData()
  form.append('archive', new Blob([bytes]), 'issues.zip')
  return form
}

const status = (reply: { status: number; at: (...path: string[]) => unknown }) => [
  reply.status,
  reply.at('status'),
  reply.at('count'),
  reply.at('pct'),
]

test('an export is accepted, started and then the archive, with the defaults of the tracker', async () => {
  const started = await mara('POST', `${from}/issues/export`)
  const location = started.headers.get('location') ?? ''
  expect(status(await mara('GET', location))).toEqual([202, 'ACCEPTED', 0, 0])
  now += simulator.switches.tracker.jobMs / 2
  expect(status(await mara('GET', location))).toEqual([202, 'STARTED', 0, 0])
  now += simulator.switches.tracker.jobMs / 2
  expect((await mara('GET', location)).status).toBe(200)

  const entries = readZip(await exported({ include_attachments: true })) ?? []
  expect(entries.map(({ path }) => path)).toEqual(['db-2.0.json', 'attachments/2-a b.txt'])
  const database = toJson(JSON.parse(entries[0]?.bytes.toString('utf8') ?? ''))
  expect(database).toMatchObject({
    meta: { default_kind: 'task', default_component: 'UI', default_assignee: null },
    components: [{ name: 'UI' }],
    issues: [{ id: 2, title: 'kept', status: 'resolved', kind: 'bug', component: 'UI', content: 'as **it** was' }],
    comments: [
      { issue: 2, content: 'a word', user: { display_name: 'Tomas Okoye' } },
      { issue: 2, content: 'done' },
    ],
    logs: [
      { field: 'status', changed_from: 'new', changed_to: 'resolved' },
      { field: 'assignee', changed_to: 'ines-calder' },
      { field: 'assignee_account_id' },
    ],
  })
  expect(readZip(await exported({ include_attachments: false }))).toHaveLength(1)
})

test('an import replaces everything: numbers stay, comments get new ones', async () => {
  await mara('POST', `${into}/issues`, { title: 'goes away' })
  const bytes = await exported({})
  const started = await mara('POST', `${into}/issues/import`, archive(bytes))
  expect(status(started)).toEqual([202, 'ACCEPTED', 0, 0])
  expect((await mara('POST', `${into}/issues/import`, archive(bytes))).status).toBe(409)
  now += simulator.switches.tracker.jobMs
  expect(status(await mara('GET', `${into}/issues/import`))).toEqual([200, 'SUCCESS', 1, 100])

  const before = await mara('GET', `${from}/issues/2`)
  const after = await mara('GET', `${into}/issues/2`)
  expect((await mara('GET', `${into}/issues`)).at('size')).toBe(1)
  for (const field of ['title', 'content', 'state', 'kind', 'assignee', 'created_on', 'updated_on', 'votes', 'watches'])
    expect([field, after.at(field)]).toEqual([field, before.at(field)])
  expect(after.at('component', 'name')).toBe('UI')
  const [old, talk] = [await mara('GET', `${from}/issues/2/comments`), await mara('GET', `${into}/issues/2/comments`)]
  expect(talk.values.map((one) => at(one, 'content', 'raw'))).toEqual(['a word', 'done'])
  expect(at(talk.values[0], 'id')).not.toBe(at(old.values[0], 'id'))
  const [change] = (await mara('GET', `${into}/issues/2/changes`)).values
  expect(at(change, 'id')).toBe(at(talk.values[1], 'id'))
  expect(at(change, 'changes', 'state')).toEqual({ old: 'new', new: 'resolved' })
  const file = (await mara('GET', `${into}/issues/2/attachments/a%20b.txt`)).headers.get('location') ?? ''
  expect(await (await fetch(file)).text()).toBe('bytes')
  expect((await mara('POST', `${into}/issues`, { title: 'next' })).at('id')).toBe(3)
  expect((await mara('GET', `${into}/issues/3`)).at('kind')).toBe('task')
})

test.each([
  ['no zip', Buffer.from('hello')],
  ['no database', writeZip([{ path: 'readme', bytes: Buffer.from('x') }])],
  ['no JSON', writeZip([{ path: 'db-2.0.json', bytes: Buffer.from('{') }])],
  ['an issue without title', writeZip([{ path: 'db-2.0.json', bytes: Buffer.from('{"issues":[{"id":1}]}') }])],
])('an archive with %s fails and changes nothing', async (_what, bytes) => {
  now += simulator.switches.tracker.jobMs
  const size = (await mara('GET', `${into}/issues`)).at('size')
  expect((await mara('POST', `${into}/issues/import`, archive(bytes))).status).toBe(202)
  now += simulator.switches.tracker.jobMs
  expect((await mara('GET', `${into}/issues/import`)).at('status')).toBe('FAILURE')
  expect((await mara('GET', `${into}/issues`)).at('size')).toBe(size)
})

test('people and parts an archive names and nobody knows stand for nothing', async () => {
  now += simulator.switches.tracker.jobMs
  const somebody = { display_name: 'Old Hand', account_id: 'unknown' }
  const issue = { id: 9, title: 'old', component: 'nowhere', reporter: somebody, assignee: somebody, status: 'odd' }
  const database = { issues: [issue], comments: [{ id: 1, issue: 9, content: 'hm', user: somebody }] }
  const bytes = writeZip([{ path: 'db-2.0.json', bytes: Buffer.from(JSON.stringify(database)) }])
  await mara('POST', `${into}/issues/import`, archive(bytes))
  const read = await mara('GET', `${into}/issues/9`)
  expect([read.at('reporter'), read.at('assignee'), read.at('component'), read.at('state')]).toEqual([
    null,
    null,
    null,
    'new',
  ])
  const [comment] = (await mara('GET', `${into}/issues/9/comments`)).values
  expect(at(comment, 'user', 'display_name')).toBe('Old Hand')
})
