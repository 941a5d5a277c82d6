import { afterAll, beforeAll, expect, test } from 'vitest'
import { runGit } from '../git/run-git.ts'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let cookie: string
beforeAll(async () => {
  here = await startTrySimulator('2026')
  here.sim.switches.samePullRequestAgain = 'second'
  cookie = await here.logIn(here.people.writer)
})
afterAll(async () => {
  await here.close()
})

test('a pull request is created from its form', async () => {
  const page = (await here.ask({ path: '/acme/shop/pull-requests/new?source=feature/login', cookie })).body
  expect(page).toContain('<option selected>feature/login</option>')
  const form = {
    source: 'feature/login',
    destination: 'main',
    title: 'Second <try>',
    reviewer: here.people.owner.accountId,
  }
  const { location } = await here.ask({ path: '/acme/shop/pull-requests', cookie, form })
  expect(location).toBe('/acme/shop/pull-requests/2')
  expect(here.repository.pullRequests[1]).toMatchObject({
    title: 'Second <try>',
    author: here.people.writer,
    reviewers: [here.people.owner],
    closeSourceBranch: false,
  })
})

test('the form offers the default reviewers, and to delete the branch where that is usual', async () => {
  const address = '/acme/shop/pull-requests/new'
  const { owner, reader } = here.people
  const box = (accountId: string) => `value="${accountId}" checked`
  const before = (await here.ask({ path: address, cookie })).body
  expect(before).not.toContain(' checked')
  here.repository.project.defaultReviewers = [owner]
  here.repository.defaultReviewers = [here.people.writer]
  here.repository.branchingModel.defaultBranchDeletion = true
  const after = (await here.ask({ path: address, cookie })).body
  expect(after).toContain(box(owner.accountId))
  expect(after).not.toContain(box(reader.accountId))
  // Nobody reviews their own.
  expect(after).not.toContain(here.people.writer.accountId)
  expect(after).toContain('name="close_source_branch" value="on" checked')
})

test.each([
  [{ source: 'main', destination: 'main', title: 'Nothing' }, 'There are no changes to be pulled'],
  [{ source: 'feature/login', destination: 'main', title: ' ' }, 'title: This field is required.'],
  [{ source: 'nobranch', destination: 'main', title: 'Unknown' }, 'branch not found: nobranch'],
])('%j is refused with the reason', async (form, reason) => {
  const { status, body } = await here.ask({ path: '/acme/shop/pull-requests', cookie, form })
  expect(status).toBe(400)
  expect(body).toContain(reason)
})

test('two commits or branches are compared, without comments', async () => {
  const { status, body } = await here.ask({ path: '/acme/shop/branches/compare/feature/login..main', cookie })
  expect(status).toBe(200)
  expect(body).toContain('data-path="src/login.ts"')
  expect(body).not.toContain('inline-comment')
  expect((await here.ask({ path: '/acme/shop/branches/compare/main', cookie })).status).toBe(404)
})

test('a fork that one may push to is offered as source, and both repositories are named', async () => {
  const { sim, repository, people } = here
  const directory = `${repository.directory}-fork`
  await runGit(repository.directory, ['clone', '--quiet', '--bare', '.', directory])
  const uuid = sim.newUuid()
  const permissions = new Map([[people.writer.uuid, 'write' as const]])
  const fork = { ...repository, uuid, slug: 'shop-fork', parent: repository, directory, permissions, pullRequests: [] }
  sim.repositories.push(fork)
  const page = (await here.ask({ path: '/acme/shop/pull-requests/new', cookie })).body
  expect(page).toContain('acme/shop-fork:feature/login')
  const form = { source: 'acme/shop-fork:feature/login', destination: 'main', title: 'Across' }
  const { location } = await here.ask({ path: '/acme/shop/pull-requests', cookie, form })
  const shown = (await here.ask({ path: location, cookie })).body
  expect(shown).toContain('<code>acme/shop-fork:feature/login</code>')
  expect(shown).toContain('<code>acme/shop:main</code>')
  const list = (await here.ask({ path: '/acme/shop/pull-requests', cookie })).body
  expect(list).toContain('acme/shop-fork:feature/login → acme/shop:main')
  permissions.clear()
  expect((await here.ask({ path: '/acme/shop/pull-requests/new', cookie })).body).not.toContain('acme/shop-fork')
  expect((await here.ask({ path: '/acme/shop/pull-requests', cookie, form })).status).toBe(400)
  sim.repositories = sim.repositories.filter((one) => one !== fork)
  expect((await here.ask({ path: location, cookie })).body).toContain('deleted repository:feature/login')
})
