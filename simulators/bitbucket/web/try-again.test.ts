import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let cookie: string

beforeEach(async () => {
  here = await startTrySimulator('legacy')
  cookie = await here.logIn(here.people.writer)
})
afterEach(async () => {
  await here.close()
})

const post = (path: string, form: Record<string, string>) => here.ask({ path: `/acme/shop${path}`, cookie, form })

test('a pull request that cannot be made keeps its title, its text and its branches', async () => {
  const reply = await post('/pull-requests', {
    source: 'no/such-branch',
    destination: 'main',
    title: 'Say "hello"',
    description: '<b>Long</b> text',
    close_source_branch: 'on',
  })
  expect(reply.status).toBe(400)
  expect(reply.body).toContain('role="alert"')
  expect(reply.body).toContain('value="Say &quot;hello&quot;"')
  expect(reply.body).toContain('&lt;b&gt;Long&lt;/b&gt; text</textarea>')
  expect(reply.body).toContain('<input type="hidden" name="close_source_branch" value="on">')
  expect(reply.body).toContain('name="source" value="no/such-branch"')
})

test('a comment that is refused keeps its text and the line it speaks of', async () => {
  const form = { content: 'Why this?', path: 'src/login.ts', to: '2', parent: '99999' }
  const reply = await post('/pull-requests/1/comments', form)
  expect(reply.status).toBe(400)
  expect(reply.body).toContain('Why this?</textarea>')
  expect(reply.body).toContain('<input type="hidden" name="path" value="src/login.ts">')
  expect(reply.body).toContain('<a href="/acme/shop/pull-requests/1">Back without it</a>')
})

test('so does an issue', async () => {
  const reply = await post('/issues', { title: 'Broken', content: 'It is.', kind: 'nonsense' })
  expect(reply.status).toBe(400)
  expect(reply.body).toContain('It is.</textarea>')
})
