import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let writer: string
let reader: string
beforeEach(async () => {
  here = await startTrySimulator('legacy')
  writer = await here.logIn(here.people.writer)
  reader = await here.logIn(here.people.reader)
  here.sim.hooks.push({
    uuid: '{hook}',
    url: 'http://127.0.0.1:9/',
    description: '',
    active: true,
    events: ['issue:created', 'issue:updated', 'issue:comment_created'],
    secret: null,
    skipCertVerification: false,
    historySince: null,
    subject: { kind: 'repository', repository: here.repository },
    createdAt: '2026-11-01T09:00:00.000000+00:00',
  })
  const form = { title: 'Broken <login>', content: 'It is **broken**.', kind: 'bug', priority: 'critical' }
  await here.ask({ path: '/acme/shop/issues', cookie: writer, form })
})
afterEach(async () => {
  await here.close()
})

const path = '/acme/shop/issues/1'
const events = () => here.sim.deliveries.map((one) => one.event)
const page = async () => (await here.ask({ path, cookie: reader })).body

test('an issue is listed while active and shown with its text', async () => {
  expect(events()).toEqual(['issue:created'])
  expect((await here.ask({ path: '/acme/shop/issues', cookie: reader })).body).toContain('#1 Broken &lt;login&gt;')
  expect((await here.ask({ path: '/acme/shop/issues?state=closed', cookie: reader })).body).not.toContain('#1 Broken')
  expect(await page()).toContain('It is <strong>broken</strong>.')
  expect(here.repository.issues).toMatchObject([{ id: 1, priority: 'critical', reporter: here.people.writer }])
})

test('comments are added with their webhook, edited and deleted by their author alone', async () => {
  const { location } = await here.ask({
    path: `${path}/comments`,
    cookie: reader,
    form: { content: 'I see <i>it</i>' },
  })
  const id = /#comment-(\d+)$/.exec(location)?.[1]
  expect(events()).toEqual(['issue:created', 'issue:comment_created'])
  expect(await page()).toContain('I see &lt;i&gt;it&lt;/i&gt;')
  expect((await here.ask({ path: `${path}/comments/${id}/edit`, cookie: writer, form: { content: 'x' } })).status).toBe(
    403,
  )
  await here.ask({ path: `${path}/comments/${id}/edit`, cookie: reader, form: { content: 'I saw it' } })
  expect(await page()).toContain('I saw it')
  await here.ask({ path: `${path}/comments/${id}/delete`, cookie: reader, form: {} })
  expect(await page()).not.toContain('I saw it')
})

test('changing the state raises its webhook and keeps the message as a comment', async () => {
  await here.ask({ path: `${path}/state`, cookie: writer, form: { state: 'resolved', message: 'Fixed in main' } })
  expect(here.repository.issues[0]?.state).toBe('resolved')
  expect(events()).toEqual(['issue:created', 'issue:updated'])
  const body = await page()
  expect(body).toContain('changed state from new to resolved')
  expect(body).toContain('Fixed in main')
})

test('the state is not for everybody, and only known states are taken', async () => {
  expect(await page()).not.toContain('id="state-form"')
  expect((await here.ask({ path: `${path}/state`, cookie: reader, form: { state: 'closed' } })).status).toBe(403)
  expect((await here.ask({ path: `${path}/state`, cookie: writer, form: { state: 'done' } })).status).toBe(400)
  expect(here.repository.issues[0]?.state).toBe('new')
})

test('an issue is given to a member and taken away again', async () => {
  await here.ask({ path: `${path}/assignee`, cookie: writer, form: { assignee: here.people.owner.accountId } })
  expect(here.repository.issues[0]?.assignee).toBe(here.people.owner)
  expect(
    (await here.ask({ path: `${path}/assignee`, cookie: writer, form: { assignee: here.people.stranger.accountId } }))
      .status,
  ).toBe(400)
  await here.ask({ path: `${path}/assignee`, cookie: writer, form: { assignee: '' } })
  expect(here.repository.issues[0]?.assignee).toBeNull()
})

test('a repository without a tracker has no issues', async () => {
  here.repository.hasIssues = false
  expect((await here.ask({ path: '/acme/shop/issues', cookie: writer })).status).toBe(404)
})
