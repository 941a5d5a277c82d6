import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, says } from './try-api.ts'

let simulator: Simulator
let tomas: Ask
const v2 = '/rest/api/2'
const issue = { project: { key: 'SHOP' }, summary: 'By version 2', issuetype: { name: 'Bug' } }

beforeAll(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
})
afterAll(async () => await simulator.close())

test('version 2 takes and answers text where version 3 has documents', async () => {
  const made = await tomas('POST', `${v2}/issue`, { fields: { ...issue, description: 'First.\n\nSecond.' } })
  expect(made.status).toBe(201)
  const key = String(made.at('key'))
  expect(made.at('self')).toBe(`${simulator.site}${v2}/issue/${String(made.at('id'))}`)
  const path = `${v2}/issue/${key}`
  expect((await tomas('GET', path)).at('fields', 'description')).toBe('First.\n\nSecond.')
  expect((await tomas('GET', `/issue/${key}`)).at('fields', 'description', 'type')).toBe('doc')
  const comment = await tomas('POST', `${path}/comment`, { body: 'Said.' })
  expect([comment.status, comment.at('body')]).toEqual([201, 'Said.'])
  const update = { description: [{ set: 'Third.' }], comment: [{ add: { body: 'Said too.' } }] }
  expect((await tomas('PUT', path, { update })).status).toBe(204)
  const read = await tomas('GET', path)
  expect(read.at('fields', 'description')).toBe('Third.')
  expect(read.at('fields', 'comment', 'comments')).toMatchObject([{ body: 'Said.' }, { body: 'Said too.' }])
  const found = await tomas('GET', `${v2}/search/jql?jql=key=${key}&fields=description,status`)
  const status = { self: expect.stringContaining(`${v2}/status/`) }
  expect(found.at('issues')).toMatchObject([{ fields: { description: 'Third.', status } }])
})

test('version 2 refuses documents, leaves properties alone and has no search of old either', async () => {
  const refused = await tomas('POST', `${v2}/issue`, { fields: { ...issue, description: says('x') } })
  expect(refused.body).toEqual({ errorMessages: [], errors: { description: 'Operation value must be a string' } })
  const comment = await tomas('POST', `${v2}/issue/SHOP-2/comment`, { body: says('x') })
  expect(comment.body).toEqual({ errorMessages: [], errors: { comment: 'Comment body is not valid!' } })
  await tomas('PUT', `${v2}/issue/SHOP-2/properties/mark`, says('kept'))
  expect((await tomas('GET', `${v2}/issue/SHOP-2/properties/mark`)).at('value')).toEqual(says('kept'))
  expect((await tomas('GET', `${v2}/search?jql=project=SHOP`)).status).toBe(410)
})
