import { afterAll, beforeAll, expect, test } from 'vitest'
import { vulnerablePlaces } from '../../../simulators/bitbucket/seed/vulnerable-places.ts'
import { type Simulator, startSimulator } from '../../../simulators/bitbucket/simulator.ts'
import { createBitbucketClient } from '../../bitbucket/client.ts'
import { uncountedBudget } from '../../domain/request-budget.ts'
import { createHttpClient, type HttpClient } from '../../lib/http-client.ts'
import { createLog } from '../../lib/log.ts'
import { createRemember } from '../../lib/remember.ts'
import type { ItemPlace } from '../tracker.ts'
import { chooseTarget } from './choose-target.ts'
import type { DiscussionPlace } from './discussion-place.ts'
import { listCandidates } from './held-line.ts'

let simulator: Simulator
let http: HttpClient
let place: DiscussionPlace

const preview = vulnerablePlaces().find((one) => one.path === 'src/routes/products.js')
const line = preview?.line ?? 0
const lineText = preview?.snippet ?? ''
const onMain: ItemPlace = { path: 'src/routes/products.js', line, lineText, branch: 'main', commitHash: null }

beforeAll(async () => {
  simulator = await startSimulator({ mode: '2026' })
  http = createHttpClient({ allowedPrivateAddresses: [new URL(simulator.web).host], timeoutMs: 3000 })
  place = openPlace()
})
afterAll(async () => {
  await simulator.close()
  await http.close()
})

function openPlace(): DiscussionPlace {
  const owner = simulator.users.find((user) => user.role === 'owner')
  const repository = simulator.repositories.find((known) => known.slug === 'storefront-api')
  const clock = () => new Date()
  return {
    client: createBitbucketClient({
      http,
      apiUrl: simulator.api,
      credential: { kind: 'api_token', email: owner?.email ?? '', token: owner?.api_token ?? '' },
      budget: uncountedBudget,
      clock,
      log: createLog({ level: 'silent' }),
    }),
    repository: {
      remoteUuid: repository?.uuid ?? '',
      workspaceUuid: simulator.workspace.uuid,
      mainBranch: 'main',
      hasIssues: false,
    },
    repositoryPath: '/repositories/meadow-goods/storefront-api',
    settings: {},
    lane: 'person',
    remember: createRemember({ clock, ttlMs: 60_000, limit: 100 }),
  }
}

async function headOf(branch: string): Promise<string> {
  const target = await chooseTarget(place, { path: null, line: null, lineText: null, branch, commitHash: null })
  return target.key.replace('commit:', '')
}

const choose = async (wish: Partial<ItemPlace>) => (await chooseTarget(place, { ...onMain, ...wish })).remote

test('a line of main that a pull request removes is spoken of there, where it was', async () => {
  const removed = { kind: 'pull_request', pull_request: 5, path: 'src/routes/products.js', line, side: 'old' }
  expect(await choose({})).toEqual(removed)
  expect(await choose({ commitHash: 'f'.repeat(40) })).toEqual(removed)
})

test('a line of main that a pull request leaves as it is has its number of there', async () => {
  const pull = simulator.sim.repositories.find((one) => one.slug === 'storefront-api')?.pullRequests[4]
  const below = { line: line + 1, lineText: '})' }
  expect(pull?.sourceBranch).toBe('feature/product-badges')
  expect(await choose(below)).toMatchObject({ kind: 'pull_request', pull_request: 5, line: line + 2, side: 'new' })
})

test('a line of the source branch is spoken of where the pull request adds it', async () => {
  const added = { branch: 'feature/product-badges', line: line + 1, lineText: preview?.pullRequest?.snippet ?? '' }
  expect(await choose(added)).toMatchObject({ kind: 'pull_request', pull_request: 5, line: line + 1, side: 'new' })
})

test('the same number in another branch is another line', async () => {
  expect(await choose({ branch: 'feature/sorted-search' })).toMatchObject({ kind: 'commit' })
  expect(await choose({ path: 'src/routes/orders.js', line: 15, branch: 'chore/upgrade-express' })).toMatchObject({
    kind: 'commit',
  })
})

test('the number alone is not enough where the text is another', async () => {
  expect(await choose({ lineText: 'const other = 1' })).toMatchObject({ kind: 'commit' })
})

test('without its text a line counts for the very commit it was seen in', async () => {
  const source = await headOf('feature/product-badges')
  const added = { branch: 'feature/product-badges', line: line + 1, lineText: null }
  expect(await choose({ lineText: null, commitHash: await headOf('main') })).toMatchObject({ pull_request: 5 })
  expect(await choose({ ...added, commitHash: source })).toMatchObject({ pull_request: 5 })
  expect(await choose({ ...added, commitHash: source.slice(0, 12) })).toMatchObject({ pull_request: 5 })
  for (const commitHash of ['f'.repeat(40), source]) {
    expect(await choose({ lineText: null, commitHash })).toMatchObject({ kind: 'commit' })
  }
  expect(await choose({ ...added, commitHash: 'f'.repeat(40) })).toMatchObject({ kind: 'commit' })
})

test('many lines of one file cost the requests of one', async () => {
  place = openPlace()
  await choose({ lineText: 'const other = 1' })
  simulator.requests.length = 0
  for (const number of [line - 2, line - 1, line, line + 1]) await choose({ line: number })
  expect(simulator.requests.filter(({ path }) => /diff|pullrequests|merge-base/.test(path))).toEqual([])
})

test('a branch of a fork is not ours, whatever its name', () => {
  const pullRequest = (id: number, uuid: string) => ({
    id,
    source: { branch: { name: 'main' }, commit: { hash: 'a' }, repository: { uuid } },
    destination: { branch: { name: 'main' }, commit: { hash: 'b' } },
  })
  const open = [pullRequest(1, '{fork}'), pullRequest(2, '{ours}')]
  const found = listCandidates(open, { branch: 'main', remoteUuid: '{ours}' })
  expect(found.map(({ pullRequest: { id }, side }) => [id, side])).toEqual([
    [2, 'new'],
    [1, 'old'],
  ])
})
