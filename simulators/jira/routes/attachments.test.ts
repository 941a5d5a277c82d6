import { afterEach, beforeEach, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, basic, userOf } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let yuki: Ask

beforeEach(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
  yuki = askAs(simulator, 'yuki')
})
afterEach(async () => await simulator.close())

async function upload(
  files: readonly [string, string][],
  { issue = 'SHOP-2', headers = { 'x-atlassian-token': 'no-check' }, field = 'file' } = {},
) {
  const { email, api_token: token } = userOf(simulator, 'tomas')
  const form = new FormData()
  for (const [name, text] of files) form.append(field, new Blob([text], { type: 'text/plain' }), name)
  const response = await fetch(`${simulator.site}/rest/api/3/issue/${issue}/attachments`, {
    method: 'POST',
    headers: { authorization: basic(email, token), ...headers },
    body: form,
  })
  const text = await response.text()
  return { status: response.status, text, made: response.ok ? JSON.parse(text) : [] }
}

test('files are attached, listed with their issue, read and removed', async () => {
  const { status, made } = await upload([
    ['trace.txt', 'one'],
    ['trace.txt', 'another'],
  ])
  expect(status).toBe(200)
  expect(made).toMatchObject([
    { filename: 'trace.txt', size: 3, mimeType: 'text/plain', author: { displayName: 'Tomas Okoye' } },
    { filename: 'trace.txt', size: 7 },
  ])
  const [{ id }] = made
  const listed = await yuki('GET', '/issue/SHOP-2?fields=attachment')
  expect(listed.at('fields', 'attachment')).toMatchObject([{ id }, { filename: 'trace.txt' }])
  expect((await yuki('GET', `/attachment/${id}`)).body).toMatchObject({ id: Number(id), filename: 'trace.txt' })
  expect((await yuki('GET', `/attachment/content/${id}?redirect=false`)).text).toBe('one')
  expect((await yuki('DELETE', `/attachment/${id}`)).status).toBe(403)
  expect((await tomas('DELETE', `/attachment/${id}`)).status).toBe(204)
  expect((await tomas('GET', `/attachment/${id}`)).status).toBe(404)
})

test('the bytes lie at an address of their own, which wants no credential beside it', async () => {
  const [{ id }] = (await upload([['trace.txt', 'one']])).made
  const sent = await tomas('GET', `/attachment/content/${id}`)
  expect(sent.status).toBe(303)
  const address = sent.headers.get('location') ?? ''
  expect(await (await fetch(address)).text()).toBe('one')
  expect((await fetch(address, { headers: { authorization: 'Basic x' } })).status).toBe(400)
})

test('a form without the word against forgery, without a file, or over the limit is refused', async () => {
  expect((await upload([['a.txt', 'a']], { headers: { 'x-atlassian-token': '' } })).status).toBe(403)
  expect((await upload([['a.txt', 'a']], { field: 'files' })).status).toBe(400)
  simulator.switches.attachmentLimit = 2
  expect((await upload([['a.txt', 'long']])).status).toBe(413)
  expect((await upload([['a.txt', 'a']], { issue: 'SHOP-99' })).status).toBe(404)
  expect((await tomas('GET', '/attachment/meta')).body).toEqual({ enabled: true, uploadLimit: 2 })
  expect((await tomas('GET', '/issue/SHOP-2?fields=attachment')).at('fields', 'attachment')).toEqual([])
})

test('what is attached and removed is a change of the issue, and its webhook says so', async () => {
  const hooks = await openReceiver()
  const mara = askAs(simulator, 'mara')
  await mara('POST', '/rest/webhooks/1.0/webhook', { name: 'Files', url: hooks.url, events: ['jira:issue_updated'] })
  const [{ id }] = (await upload([['trace.txt', 'one']])).made
  await tomas('DELETE', `/attachment/${id}`)
  await simulator.flush()
  await hooks.close()
  const items = hooks.caught.map(({ body }) => at(body, 'changelog', 'items'))
  expect(items).toEqual([
    [expect.objectContaining({ field: 'Attachment', from: null, to: id, toString: 'trace.txt' })],
    [expect.objectContaining({ field: 'Attachment', from: id, fromString: 'trace.txt', to: null })],
  ])
})
