import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, says } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let yuki: Ask

beforeEach(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
  yuki = askAs(simulator, 'yuki')
})
afterEach(async () => await simulator.close())

const all = '/issue/SHOP-2/comment'

test('a comment is made, read, changed and deleted', async () => {
  const made = await tomas('POST', all, { body: says('one'), properties: [{ key: 'mark', value: 1 }] })
  expect(made.status).toBe(201)
  const one = `${all}/${String(made.at('id'))}`
  expect((await yuki('GET', one)).body).toEqual({
    ...Object(made.body),
    author: expect.anything(),
    updateAuthor: expect.anything(),
  })
  const changed = await tomas('PUT', one, { body: says('two') })
  expect(changed.body).toMatchObject({ body: says('two'), author: { displayName: 'Tomas Okoye' } })
  expect(String(changed.at('updated')) > String(made.at('updated'))).toBe(true)
  expect(changed.at('created')).toBe(made.at('created'))
  expect((await tomas('GET', all)).body).toMatchObject({ total: 1, startAt: 0, comments: [{ body: says('two') }] })
  expect((await tomas('DELETE', one)).status).toBe(204)
  expect((await tomas('GET', one)).status).toBe(404)
})

test('comments are read by their ids, with their properties, as far as the caller sees them', async () => {
  const made = await tomas('POST', all, { body: says('here'), properties: [{ key: 'mark', value: { id: 1 } }] })
  const hidden = await tomas('POST', '/issue/LEDG-1/comment', { body: says('hidden') })
  const ids = [made, hidden].map((one) => Number(one.at('id')))
  const listed = await yuki('POST', '/comment/list?expand=properties', { ids: [...ids, 1] })
  expect(listed.body).toMatchObject({
    total: 1,
    isLast: true,
    values: [{ id: String(ids[0]), body: says('here'), properties: [{ key: 'mark', value: { id: 1 } }] }],
  })
  expect((await tomas('POST', '/comment/list', { ids })).at('values')).toMatchObject([{}, {}])
  expect((await tomas('POST', '/comment/list', { ids })).text).not.toContain('properties')
  for (const wrong of [[], ['one'], undefined])
    expect((await tomas('POST', '/comment/list', { ids: wrong })).status).toBe(400)
})

test('only its author and administrators change a comment', async () => {
  const id = String((await tomas('POST', all, { body: says('mine') })).at('id'))
  expect((await yuki('PUT', `${all}/${id}`, { body: says('yours') })).status).toBe(400)
  expect((await yuki('DELETE', `${all}/${id}`)).status).toBe(400)
  const ines = askAs(simulator, 'ines')
  expect((await ines('PUT', `${all}/${id}`, { body: says('ours') })).body).toMatchObject({
    author: { displayName: 'Tomas Okoye' },
    updateAuthor: { displayName: 'Ines Calder' },
  })
})

test.each([
  ['no document', 'text', 'Comment body is not valid!'],
  ['an unknown node', { type: 'doc', version: 1, content: [{ type: 'marquee' }] }, 'Comment body is not valid!'],
  [
    'an empty text',
    { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }] },
    'Comment body is not valid!',
  ],
  ['nothing in it', { type: 'doc', version: 1, content: [] }, 'Comment body can not be empty!'],
  [
    'too much',
    says('x'.repeat(40_000)),
    'The entered text is too long. It exceeds the allowed limit of 32,767 characters.',
  ],
])('%s is refused', async (_what, body, message) => {
  const made = await tomas('POST', all, { body })
  expect([made.status, made.body]).toEqual([400, { errorMessages: [], errors: { comment: message } }])
})

test('the limit counts the document, or its text, as the switch says', async () => {
  const body = says('x'.repeat(32_700))
  expect((await tomas('POST', all, { body })).status).toBe(400)
  simulator.switches.textLimitCounts = 'text'
  expect((await tomas('POST', all, { body })).status).toBe(201)
})

test('properties of issues and comments are set, read, listed and deleted', async () => {
  const comment = String((await tomas('POST', all, { body: says('x') })).at('id'))
  for (const base of ['/issue/SHOP-2/properties', `/comment/${comment}/properties`]) {
    expect((await tomas('GET', `${base}/weir.link`)).status).toBe(404)
    expect((await tomas('PUT', `${base}/weir.link`, { id: 1 })).status).toBe(201)
    expect((await tomas('PUT', `${base}/weir.link`, { id: 2 })).status).toBe(200)
    expect((await tomas('GET', `${base}/weir.link`)).body).toEqual({ key: 'weir.link', value: { id: 2 } })
    expect((await tomas('GET', base)).at('keys')).toMatchObject([
      { key: 'weir.link', self: expect.stringContaining('weir.link') },
    ])
    expect((await tomas('DELETE', `${base}/weir.link`)).status).toBe(204)
    expect((await tomas('GET', base)).at('keys')).toEqual([])
  }
})
