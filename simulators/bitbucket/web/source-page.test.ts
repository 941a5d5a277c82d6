import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let cookie: string
beforeAll(async () => {
  here = await startTrySimulator('2026')
  cookie = await here.logIn(here.people.reader)
})
afterAll(async () => {
  await here.close()
})

const page = async (path: string) => await here.ask({ path, cookie })

test('the front of a repository lists its files, shows its README escaped and switches branches', async () => {
  const { status, body } = await page('/acme/shop')
  expect(status).toBe(200)
  expect(body).toContain('href="/acme/shop/src/main/src"')
  expect(body).toContain('Sells &lt;b&gt;things&lt;/b&gt;.')
  expect((await page('/acme/shop?at=feature%2Flogin')).location).toBe('/acme/shop/src/feature/login/')
})

test.each(['main', 'feature/login', 'feature%2Flogin'])('a file at %s has numbered lines to link to', async (ref) => {
  const { status, body } = await page(`/acme/shop/src/${ref}/src/login.ts`)
  expect(status).toBe(200)
  expect(body).toContain('<tr id="lines-12">')
  expect(body).toContain('href="#lines-30"')
  expect(body).not.toContain('lines-31')
})

test('a file at a commit is found by its hash, whole or short', async () => {
  const hash = here.repository.pullRequests[0]?.sourceHash ?? ''
  expect((await page(`/acme/shop/src/${hash}/src/login.ts`)).body).toContain('&lt;script&gt;')
  expect((await page(`/acme/shop/src/${hash.slice(0, 12)}/src`)).body).toContain('login.ts')
})

test.each(['/acme/shop/src/main/none.ts', '/acme/shop/src/nobranch/README.md', '/acme/shop/src/main/../../x'])(
  '%s is not found',
  async (path) => {
    expect((await page(path)).status).toBe(404)
  },
)

test('commits and branches are listed', async () => {
  const commits = (await page('/acme/shop/commits')).body
  expect(commits).toContain('Add login')
  expect((await page('/acme/shop/commits?ref=main')).body).not.toContain('Add login')
  const branches = (await page('/acme/shop/branches')).body
  expect(branches).toContain('feature/login')
  expect(branches).toContain('href="/acme/shop/pull-requests/1"')
})

test('the dashboard shows what concerns the person, the workspace its repositories, the start page the mode', async () => {
  const owner = await here.logIn(here.people.owner)
  expect((await here.ask({ path: '/dashboard/overview', cookie: owner })).body).toContain('/acme/shop/pull-requests/1')
  expect((await page('/acme/workspace/repositories')).body).toContain('href="/acme/shop"')
  expect((await here.ask({ path: '/' })).body).toContain('2026 mode')
  const person = await page(`/${encodeURIComponent(here.people.owner.uuid)}/`)
  expect(person.body).toContain('Olga Owner')
})

test('nothing of a private repository is shown to a stranger', async () => {
  const stranger = await here.logIn(here.people.stranger)
  for (const path of [
    '/acme/shop',
    '/acme/shop/src/main/README.md',
    '/acme/shop/commits',
    '/acme/workspace/repositories',
    '/acme/shop/admin/webhooks',
  ]) {
    const { status, body } = await here.ask({ path, cookie: stranger })
    expect(status).toBe(403)
    expect(body).not.toContain('README')
  }
})

test('the tracker is gone in 2026 mode', async () => {
  for (const path of ['/acme/shop/issues', '/acme/shop/issues/1', '/acme/shop/issues/new'])
    expect((await page(path)).status).toBe(404)
  expect((await page('/acme/shop')).body).not.toContain('/acme/shop/issues')
})

test('pages carry the headers that keep scripts and frames out, and their style is served', async () => {
  const { headers } = await page('/acme/shop')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  const style = await page('/_web/pages.css')
  expect(style.headers['content-type']).toContain('text/css')
  expect(style.body).toContain('light-dark(')
})
