import { afterAll, beforeAll, expect, test } from 'vitest'
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
