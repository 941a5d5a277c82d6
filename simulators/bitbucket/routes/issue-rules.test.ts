import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import type { Repository } from '../model.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker } from '../try-api.ts'

let simulator: Simulator
let repository: Repository
let mara: Ask
let tomas: Ask
let reader: Ask
let nobody: Ask
const base = '/repositories/meadow-goods/storefront-api/issues'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy' })
  const found = simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  const piet = simulator.sim.people.find((one) => one.username === 'piet-oosten')
  if (found === undefined || piet === undefined) throw new Error('nothing is planted')
  repository = found
  repository.permissions.set(piet.uuid, 'read')
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  reader = askAs(simulator, 'piet-oosten')
  nobody = asker(simulator, undefined)
  await tomas('POST', base, { title: 'of Tomas' })
  await reader('POST', base, { title: 'of the reader' })
})
afterAll(async () => {
  await simulator.close()
})

test('readers report and comment; they change what is theirs or was given to them, and delete nothing', async () => {
  expect((await reader('POST', `${base}/1/comments`, { content: { raw: 'me too' } })).status).toBe(201)
  expect((await reader('PUT', `${base}/1`, { state: 'closed' })).status).toBe(403)
  expect((await reader('PUT', `${base}/1`, { state: 'new' })).status).toBe(403)
  expect((await reader('POST', `${base}/1/changes`, { changes: { state: { new: 'open' } } })).status).toBe(403)
  expect((await reader('PUT', `${base}/2`, { priority: 'minor' })).status).toBe(200)
  const piet = simulator.users.find((one) => one.username === 'piet-oosten')
  await tomas('PUT', `${base}/1`, { assignee: { uuid: piet?.uuid } })
  expect((await reader('PUT', `${base}/1`, { state: 'open' })).status).toBe(200)
  expect((await reader('DELETE', `${base}/2`)).status).toBe(403)
  for (const job of ['export', 'import']) expect((await tomas('POST', `${base}/${job}`)).status).toBe(403)
})

test('a public repository shows its issues to everybody and takes none from nobody', async () => {
  expect((await nobody('GET', base)).status).toBe(401)
  repository.isPrivate = false
  for (const path of [base, `${base}/1`, `${base}/1/comments`, `${base}/1/changes`, `${base}/1/attachments`])
    expect([path, (await nobody('GET', path)).status]).toEqual([path, 200])
  for (const [method, path] of [
    ['POST', base],
    ['PUT', `${base}/1`],
    ['DELETE', `${base}/1`],
    ['POST', `${base}/1/comments`],
    ['PUT', `${base}/1/vote`],
    ['GET', `${base}/1/vote`],
    ['GET', `${base}/import`],
  ] as const)
    expect([method, path, (await nobody(method, path, method === 'GET' ? undefined : {})).status]).toEqual([
      method,
      path,
      401,
    ])
  repository.isPrivate = true
})

test('any state may follow any', async () => {
  for (const state of [
    'closed',
    'submitted',
    'on hold',
    'duplicate',
    'new',
    'wontfix',
    'invalid',
    'resolved',
    'open',
  ]) {
    expect((await tomas('PUT', `${base}/1`, { state })).at('state')).toBe(state)
  }
})

test('an edit that changes nothing leaves no trace; a posted change always does', async () => {
  const before = await tomas('GET', `${base}/1`)
  const count = (await tomas('GET', `${base}/1/changes`)).at('size')
  await tomas('PUT', `${base}/1`, { title: before.at('title'), state: before.at('state') })
  expect((await tomas('GET', `${base}/1`)).at('updated_on')).toBe(before.at('updated_on'))
  expect((await tomas('GET', `${base}/1/changes`)).at('size')).toBe(count)
  const posted = await tomas('POST', `${base}/1/changes`, { changes: {}, message: { raw: 'only a word' } })
  expect([posted.status, posted.at('changes'), posted.at('message', 'raw')]).toEqual([201, {}, 'only a word'])
})

test('only a change of the text moves edited_on', async () => {
  const made = await tomas('POST', base, { title: 'a', content: { raw: 'b' } })
  const path = `${base}/${made.at('id')}`
  expect((await tomas('PUT', path, { priority: 'minor' })).at('edited_on')).toBeNull()
  const edited = await tomas('PUT', path, { content: { raw: 'c' } })
  expect(edited.at('edited_on')).toBe(edited.at('updated_on'))
})

test('the people of a change are texts: user name and account id', async () => {
  const ines = simulator.users.find((one) => one.username === 'ines-calder')
  await tomas('PUT', `${base}/2`, { assignee: { account_id: ines?.account_id } })
  await tomas('PUT', `${base}/2`, { assignee: null })
  const changes = (await tomas('GET', `${base}/2/changes`)).values.slice(-2).map((one) => at(one, 'changes'))
  expect(changes).toEqual([
    {
      assignee: { old: '', new: 'ines-calder' },
      assignee_account_id: { old: '', new: ines?.account_id },
    },
    {
      assignee: { old: 'ines-calder', new: '' },
      assignee_account_id: { old: ines?.account_id, new: '' },
    },
  ])
})

test('the number of a deleted issue is not given again', async () => {
  const last = await tomas('POST', base, { title: 'last' })
  await tomas('DELETE', `${base}/${last.at('id')}`)
  expect((await tomas('GET', `${base}/${last.at('id')}`)).status).toBe(404)
  expect((await tomas('POST', base, { title: 'next' })).at('id')).toBe(Number(last.at('id')) + 1)
})

test.each([
  [{ title: 5 }, 'title'],
  [{ title: ' ' }, 'title'],
  [{ title: 'x'.repeat(256) }, 'title'],
  [{ title: 'x', content: 'plain' }, 'content'],
  [{ title: 'x', state: 'done' }, 'state'],
  [{ title: 'x', kind: null }, 'kind'],
  [{ title: 'x', assignee: { username: 'mara-lind' } }, 'assignee'],
  [{ title: 'x', assignee: { uuid: '{nobody}' } }, 'assignee'],
  [{ title: 'x', milestone: { name: 'never' } }, 'milestone'],
])('%j is refused with 400 at its field', async (body, field) => {
  const reply = await tomas('POST', base, body)
  expect([reply.status, Object.keys(Object(reply.at('error', 'fields')))]).toEqual([400, [field]])
})

test('a wrong value in one field changes no other', async () => {
  const before = (await tomas('GET', `${base}/1`)).body
  expect((await tomas('PUT', `${base}/1`, { title: 'taken', priority: 'urgent' })).status).toBe(400)
  expect((await tomas('GET', `${base}/1`)).body).toEqual(before)
})

test('spam is refused in issues, changes and comments, where a phrase is said to be some', async () => {
  simulator.switches.tracker.spamPhrase = 'Cheap Watches'
  const raw = 'buy CHEAP watches'
  expect((await tomas('POST', base, { title: raw })).status).toBe(400)
  expect((await tomas('POST', `${base}/1/comments`, { content: { raw } })).status).toBe(400)
  expect((await tomas('POST', `${base}/1/changes`, { changes: {}, message: { raw } })).status).toBe(400)
  const [comment] = (await reader('GET', `${base}/1/comments`)).values
  expect((await reader('PUT', `${base}/1/comments/${at(comment, 'id')}`, { content: { raw } })).status).toBe(400)
  simulator.switches.tracker.spamPhrase = null
  expect((await tomas('POST', `${base}/1/comments`, { content: { raw } })).status).toBe(201)
})

test('what a new issue gets is what the tracker says', async () => {
  const ines = simulator.sim.people.find((one) => one.username === 'ines-calder') ?? null
  repository.tracker.component.push({ id: 1, name: 'UI' })
  Object.assign(repository.tracker.defaults, {
    kind: 'task',
    assignee: ines,
    component: repository.tracker.component[0],
  })
  const usual = await mara('POST', base, { title: 'usual' })
  expect([usual.at('kind'), usual.at('assignee', 'uuid'), usual.at('component', 'name')]).toEqual([
    'task',
    ines?.uuid,
    'UI',
  ])
  const own = await mara('POST', base, { title: 'own', kind: 'bug', assignee: null, component: null })
  expect([own.at('kind'), own.at('assignee'), own.at('component')]).toEqual(['bug', null, null])
})
