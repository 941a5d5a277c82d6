import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let cookie: string
let hash: string
let path: string
beforeAll(async () => {
  here = await startTrySimulator('2026')
  hash = here.repository.pullRequests[0]?.sourceHash ?? ''
  path = `/acme/shop/commits/${hash}`
  cookie = await here.logIn(here.people.writer)
  here.sim.hooks.push({
    uuid: '{hook}',
    url: 'http://127.0.0.1:9/',
    description: '',
    active: true,
    events: ['repo:commit_comment_created'],
    secret: null,
    skipCertVerification: false,
    historySince: null,
    subject: { kind: 'repository', repository: here.repository },
    createdAt: '2026-11-01T09:00:00.000000+00:00',
  })
})
afterAll(async () => {
  await here.close()
})

test('shows message, diff and a link on each line, also under the short hash', async () => {
  const { status, body } = await here.ask({ path, cookie })
  expect(status).toBe(200)
  expect(body).toContain('Add login')
  expect(body).toContain('With a query.')
  expect(body).toContain('?path=src%2Flogin.ts&amp;to=12#inline-comment')
  expect((await here.ask({ path: `/acme/shop/commits/${hash.slice(0, 12)}`, cookie })).status).toBe(200)
})

test('the first commit, which has no parent, shows its files as added', async () => {
  const first = here.repository.pullRequests[0]?.destinationHash
  const { body } = await here.ask({ path: `/acme/shop/commits/${first}`, cookie })
  expect(body).toContain('data-path="README.md"')
  expect(body).toContain('lozenge added')
})

test.each(['ffffffffffff', 'HEAD', '--all'])('%s is no commit', async (wrong) => {
  expect((await here.ask({ path: `/acme/shop/commits/${wrong}`, cookie })).status).toBe(404)
})

test('comments on a line and on the commit, replies, edits and deletions do what they say', async () => {
  const post = async (where: string, form: Record<string, string>) => {
    const { status, location } = await here.ask({ path: `${path}/comments${where}`, cookie, form })
    expect(status).toBe(303)
    return /#comment-(\d+)/.exec(location)?.[1] ?? ''
  }
  const inline = await post('', { content: 'On the line', path: 'src/login.ts', to: '12' })
  const reply = await post('', { content: 'An answer', parent: inline })
  const general = await post('', { content: 'On the whole' })
  expect(here.repository.commitComments).toMatchObject([
    { hash, raw: 'On the line', inline: { path: 'src/login.ts', to: 12 }, parentId: null },
    { hash, raw: 'An answer', parentId: Number(inline) },
    { hash, raw: 'On the whole', inline: null },
  ])
  expect(here.sim.deliveries.map((one) => one.event)).toEqual(
    Array.from({ length: 3 }, () => 'repo:commit_comment_created'),
  )
  await post(`/${reply}/edit`, { content: 'A better answer' })
  await post(`/${general}/delete`, {})
  const { body } = await here.ask({ path, cookie })
  expect(body).toContain('A better answer')
  expect(body).not.toContain('On the whole')
  expect(body).toContain(`id="thread-${inline}"`)
  const other = await here.logIn(here.people.owner)
  expect(
    (await here.ask({ path: `${path}/comments/${inline}/edit`, cookie: other, form: { content: 'x' } })).status,
  ).toBe(403)
})
