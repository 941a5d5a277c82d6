import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReceiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, userOf } from '../try-api.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(async () => await simulator.close())

interface Seen {
  status: number
  text: string
  location: string
}

async function ask(path: string, options: { cookie?: string; form?: Record<string, string> } = {}): Promise<Seen> {
  const response = await fetch(simulator.site + path, {
    redirect: 'manual',
    headers: options.cookie === undefined ? {} : { cookie: options.cookie },
    ...(options.form === undefined ? {} : { method: 'POST', body: new URLSearchParams(options.form) }),
  })
  return { status: response.status, text: await response.text(), location: response.headers.get('location') ?? '' }
}

async function logIn(name: string): Promise<string> {
  const body = new URLSearchParams({ email: userOf(simulator, name).email, password: name })
  const response = await fetch(`${simulator.site}/login`, { method: 'POST', body, redirect: 'manual' })
  expect(response.status).toBe(303)
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

test('a wrong password opens nothing; a page without a session asks for one', async () => {
  const wrong = await ask('/login', { form: { email: 'tomas@meadow-goods.example', password: 'x' } })
  expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining('E-mail or password is wrong.')])
  expect((await ask('/browse/SHOP-1')).location).toBe('/login?next=%2Fbrowse%2FSHOP-1')
})

test.each(['//evil.example', '/\\evil.example', 'https://evil.example'])(
  'the login never sends people to %s',
  async (next) => {
    const { location } = await ask('/login', {
      form: { email: userOf(simulator, 'tomas').email, password: 'tomas', next },
    })
    expect(location).toBe('/jira/projects')
  },
)

test('a person makes an issue, changes it, talks about it, moves it and deletes it, and hooks hear of all', async () => {
  const receiver = await openReceiver()
  try {
    const cookie = await logIn('mara')
    await ask('/plugins/servlet/webhooks', {
      cookie,
      form: { name: 'x', url: receiver.url, secret: '', jql: '', event: 'jira:issue_updated' },
    })
    const made = await ask('/jira/projects/SHOP/create', {
      cookie,
      form: { issuetype: '10004', summary: 'By hand', description: 'One\n\nTwo', labels: 'a b' },
    })
    expect(made.location).toBe('/browse/SHOP-4')
    const talk = await ask('/browse/SHOP-4/comments', { cookie, form: { content: 'Hello\nthere' } })
    const id = talk.location.split('-').at(-1) ?? ''
    await ask(`/browse/SHOP-4/comments/${id}/edit`, { cookie, form: { content: 'Changed' } })
    expect((await ask('/browse/SHOP-4', { cookie })).text).toContain('<p>Changed</p>')
    await ask('/browse/SHOP-4/transition', { cookie, form: { transition: '31' } })
    await ask('/browse/SHOP-4/edit', {
      cookie,
      form: { summary: 'By two hands', description: 'One\r\n\r\nTwo', priority: '1', labels: '', assignee: '' },
    })
    const read = await askAs(simulator, 'tomas')('GET', '/issue/SHOP-4')
    expect(read.at('fields')).toMatchObject({
      summary: 'By two hands',
      status: { name: 'Done' },
      priority: { name: 'Highest' },
      labels: [],
      description: { content: [{ type: 'paragraph' }, { type: 'paragraph' }] },
    })
    await ask(`/browse/SHOP-4/comments/${id}/delete`, { cookie, form: {} })
    await simulator.flush()
    expect(receiver.caught.length).toBe(5)
    await ask('/browse/SHOP-4/delete', { cookie, form: {} })
    expect((await ask('/browse/SHOP-4', { cookie })).status).toBe(404)
  } finally {
    await receiver.close()
  }
})

test('what people wrote is shown as text, and only web addresses become links', async () => {
  const text = (value: string, href?: string) => ({
    type: 'text',
    text: value,
    ...(href === undefined ? {} : { marks: [{ type: 'link', attrs: { href } }] }),
  })
  const content = [
    text('<script>alert(1)</script>'),
    text('bad', 'javascript:alert(1)'),
    text('good', 'https://example.com/'),
  ]
  const body = { type: 'doc', version: 1, content: [{ type: 'paragraph', content }] }
  await askAs(simulator, 'tomas')('PUT', '/issue/SHOP-1', { fields: { description: body, summary: '<b>"x"' } })
  const page = (await ask('/browse/SHOP-1', { cookie: await logIn('tomas') })).text
  expect(page).not.toContain('<script>')
  expect(page).not.toContain('href="javascript')
  expect(page).toContain('&lt;script&gt;')
  expect(page).toContain('<a href="https://example.com/" rel="noreferrer">good</a>')
  expect(page).toContain('&lt;b&gt;&quot;x&quot;')
})

test('a screen’s resolution is chosen on the page, and a missing required field is named', async () => {
  const cookie = await logIn('tomas')
  expect((await ask('/browse/LEDG-1', { cookie })).text).toContain('Accept risk → Risk accepted')
  await ask('/browse/LEDG-1/transition', { cookie, form: { transition: '251', resolution: '10001' } })
  expect((await ask('/browse/LEDG-1', { cookie })).text).toContain('Risk accepted')
  const refused = await ask('/jira/projects/LEDG/create', { cookie, form: { issuetype: '10010', summary: 'x' } })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Data class is required.')])
})

test('pages keep to what a person may see and do', async () => {
  const cookie = await logIn('yuki')
  expect((await ask('/jira/projects', { cookie })).text).not.toContain('LEDG')
  expect((await ask('/browse/LEDG-1', { cookie })).status).toBe(404)
  expect((await ask('/plugins/servlet/webhooks', { cookie })).status).toBe(403)
  expect((await ask('/browse/SHOP-1', { cookie })).text).not.toContain('delete-issue')
  expect((await ask('/browse/SHOP-1/delete', { cookie, form: {} })).status).toBe(403)
})
