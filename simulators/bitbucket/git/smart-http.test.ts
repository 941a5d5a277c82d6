import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { changeRefs } from '../operations/push.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { inGitQueue } from '../state.ts'
import { type Ask, askAs, asker, basic } from '../try-api.ts'
import { gitEnvironment } from './run-git.ts'

let simulator: Simulator
let receiver: Receiver
let folder: string
let mara: Ask
const run = promisify(execFile)

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  receiver = await openReceiver()
  folder = await mkdtemp(join(tmpdir(), 'bitbucket-clone-'))
  mara = askAs(simulator, 'mara-lind')
  await mara('POST', '/repositories/meadow-goods/storefront-api/hooks', {
    url: receiver.url,
    events: ['repo:push', 'pullrequest:updated', 'pullrequest:push'],
  })
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
  await rm(folder, { recursive: true, force: true })
})

async function git(directory: string, ...args: string[]): Promise<string> {
  const who = {
    GIT_AUTHOR_NAME: 'Tomas Okoye',
    GIT_AUTHOR_EMAIL: 'tomas@meadow-goods.example',
    GIT_COMMITTER_NAME: 'Tomas Okoye',
    GIT_COMMITTER_EMAIL: 'tomas@meadow-goods.example',
  }
  return (await run('git', args, { cwd: directory, env: { ...gitEnvironment, HOME: folder, ...who } })).stdout
}

function remote(user: string, password: string): string {
  return `${simulator.web.replace('http://', `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`)}/meadow-goods/storefront-api.git`
}

const tokenOf = (username: string) => simulator.users.find((one) => one.username === username)?.api_token ?? ''

test('people clone with their API token under the literal user name or their own', async () => {
  await git(folder, 'clone', '-q', remote('x-bitbucket-api-token-auth', tokenOf('tomas-okoye')), 'literal')
  expect(await readFile(join(folder, 'literal/src/routes/orders.js'), 'utf8')).toContain('/search')
  await git(folder, 'clone', '-q', remote('tomas-okoye', tokenOf('tomas-okoye')), 'own')
  await git(folder, 'clone', '-q', '--depth=1', remote('x-token-auth', simulator.workspace_access_token), 'bot')
})

test.each([
  ['a wrong user name', () => ['someone', tokenOf('tomas-okoye')]],
  ['an outsider', () => ['x-bitbucket-api-token-auth', tokenOf('piet-oosten')]],
  ['an access token under the wrong name', () => ['x-bitbucket-api-token-auth', simulator.workspace_access_token]],
])('%s cannot clone', async (_who, credentials) => {
  const [user = '', password = ''] = credentials()
  await expect(git(folder, 'clone', '-q', remote(user, password), 'never')).rejects.toThrow(/Authentication failed|403/)
})

test.each([
  ['an app password', () => simulator.app_password.password],
  ['one that nobody here has had', () => `ATBB${'x'.repeat(32)}`],
])('%s gets 410 with three lines', async (_which, passwordOf) => {
  const [username, password] = [simulator.app_password.username, passwordOf()]
  const reply = await asker(simulator, basic(username, password))(
    'GET',
    `${simulator.web}/meadow-goods/storefront-api.git/info/refs?service=git-upload-pack`,
  )
  expect(reply.status).toBe(410)
  expect(reply.text).toBe(
    'CHANGE-3222 - Functionality has been deprecated\nApp passwords are deprecated and must be replaced with API tokens.\nhttps://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222\n',
  )
})

test('a push raises repo:push with full hashes and moves the open pull request', async () => {
  const clone = join(folder, 'work')
  await git(folder, 'clone', '-q', remote('x-bitbucket-api-token-auth', tokenOf('tomas-okoye')), 'work')
  await git(clone, 'checkout', '-q', 'feature/sorted-search')
  const old = (await git(clone, 'rev-parse', 'HEAD')).trim()
  const seen = await mara('GET', '/repositories/meadow-goods/storefront-api/pullrequests/4/comments')
  expect(seen.values.map((one) => at(one, 'inline', 'outdated'))).toEqual([false, false, undefined])
  await writeFile(join(clone, 'NOTES.md'), 'x\n')
  const orders = join(clone, 'src/routes/orders.js')
  await writeFile(
    orders,
    (await readFile(orders, 'utf8')).replace("req.query.sort || 'id'", 'columnOf(req.query.sort)'),
  )
  await git(clone, 'add', '.')
  await git(clone, 'commit', '-q', '-m', 'Take notes')
  await git(clone, 'push', '-q', 'origin', 'HEAD')
  const tip = (await git(clone, 'rev-parse', 'HEAD')).trim()
  await simulator.flush()
  const push = receiver.caught.find((one) => one.headers['x-event-key'] === 'repo:push')
  const changes = at(push?.body, 'push', 'changes')
  const change = Array.isArray(changes) ? changes[0] : undefined
  expect(at(change, 'old', 'target', 'hash')).toBe(old)
  expect(at(change, 'new', 'target', 'hash')).toBe(tip)
  expect(at(change, 'new', 'name')).toBe('feature/sorted-search')
  expect([at(change, 'created'), at(change, 'closed'), at(change, 'forced'), at(change, 'truncated')]).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect(at(change, 'commits')).toHaveLength(1)
  expect(at(push?.body, 'actor', 'display_name')).toBe('Tomas Okoye')
  const keys = receiver.caught.map((one) => one.headers['x-event-key'])
  expect(keys).toContain('pullrequest:updated')
  const pullRequest = await mara('GET', '/repositories/meadow-goods/storefront-api/pullrequests/4')
  expect(pullRequest.at('source', 'commit', 'hash')).toBe(tip.slice(0, 12))
  const comments = await mara('GET', '/repositories/meadow-goods/storefront-api/pullrequests/4/comments')
  expect(comments.values.map((one) => at(one, 'inline', 'outdated'))).toEqual([true, true, undefined])
})

test('a new branch of many commits is truncated to five, a forced one says so, a deleted one is closed', async () => {
  const clone = join(folder, 'work')
  await git(clone, 'checkout', '-q', '-b', 'many', 'origin/main')
  for (let number = 0; number < 7; number += 1)
    await git(clone, 'commit', '-q', '--allow-empty', '-m', `step ${number}`)
  receiver.caught.length = 0
  await git(clone, 'push', '-q', 'origin', 'many')
  await git(clone, 'reset', '-q', '--hard', 'HEAD~2')
  await git(clone, 'commit', '-q', '--allow-empty', '-m', 'other')
  await git(clone, 'push', '-q', '-f', 'origin', 'many')
  await git(clone, 'push', '-q', 'origin', ':many')
  await git(clone, 'tag', '-a', 'v9', '-m', 'nine')
  await git(clone, 'push', '-q', 'origin', 'v9')
  await simulator.flush()
  const facts = receiver.caught.map((one) => {
    const list = at(one.body, 'push', 'changes')
    const change = Array.isArray(list) ? list[0] : undefined
    const commits = at(change, 'commits')
    return {
      created: at(change, 'created'),
      forced: at(change, 'forced'),
      closed: at(change, 'closed'),
      truncated: at(change, 'truncated'),
      type: at(change, 'new', 'type') ?? at(change, 'old', 'type'),
      commits: Array.isArray(commits) ? commits.map((commit) => at(commit, 'message')) : undefined,
    }
  })
  expect(facts).toContainEqual({
    created: true,
    forced: false,
    closed: false,
    truncated: true,
    type: 'branch',
    commits: ['step 6\n', 'step 5\n', 'step 4\n', 'step 3\n', 'step 2\n'],
  })
  expect(facts).toContainEqual({
    created: false,
    forced: true,
    closed: false,
    truncated: false,
    type: 'branch',
    commits: ['other\n'],
  })
  expect(facts).toContainEqual({
    created: false,
    forced: false,
    closed: true,
    truncated: false,
    type: 'branch',
    commits: undefined,
  })
  expect(facts).toContainEqual({
    created: true,
    forced: false,
    closed: false,
    truncated: false,
    type: 'annotated_tag',
    commits: undefined,
  })
})

test('requests of git are in the log, with who asked', async () => {
  const before = simulator.requests.length
  const url = remote('tomas-okoye', tokenOf('tomas-okoye'))
  await git(folder, 'ls-remote', url)
  await expect(git(folder, 'ls-remote', remote('tomas-okoye', 'wrong'))).rejects.toThrow('Authentication failed')
  const logged = simulator.requests.slice(before).filter(({ path }) => path.includes('.git/'))
  const facts = logged.map(({ status, credential, username }) => [status, credential, username])
  expect(facts).toContainEqual([401, 'anonymous', null])
  expect(facts).toContainEqual([200, 'api_token', 'tomas-okoye'])
  expect(facts).toContainEqual([401, 'invalid', null])
  expect(logged.at(-1)).toMatchObject({
    method: 'GET',
    path: '/meadow-goods/storefront-api.git/info/refs?service=git-upload-pack',
    fault: null,
  })
})

test('of two pushes to one ref at once, one arrives, and is told of once', async () => {
  const clones = ['first', 'second'].map((name) => join(folder, name))
  for (const clone of clones) {
    await git(folder, 'clone', '-q', remote('tomas-okoye', tokenOf('tomas-okoye')), clone)
    await git(clone, 'checkout', '-q', '-b', 'contested', 'origin/main')
    await git(clone, 'commit', '-q', '--allow-empty', '-m', clone)
  }
  receiver.caught.length = 0
  const ended = await Promise.allSettled(
    clones.map(async (clone) => await git(clone, 'push', '-q', 'origin', 'contested')),
  )
  expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await simulator.flush()
  expect(receiver.caught.map(({ headers }) => headers['x-event-key'])).toEqual(['repo:push'])
})

test('a repository that is gone while a push waits for its turn is not found', async () => {
  const repository = simulator.sim.repositories.find(({ slug }) => slug === 'ledger-core')
  const actor = simulator.sim.people[0]
  if (repository === undefined || actor === undefined) throw new Error('nothing is planted')
  const turn = Promise.withResolvers<void>()
  void inGitQueue(simulator.sim, repository, async () => await turn.promise)
  const deleted = mara('DELETE', '/repositories/meadow-goods/ledger-core')
  await expect.poll(() => simulator.sim.repositories.includes(repository)).toBe(false)
  const late = changeRefs(simulator.sim, { repository, actor }, async () => 'done')
  turn.resolve()
  await expect(late).rejects.toMatchObject({ status: 404 })
  expect((await deleted).status).toBe(204)
})

test('who may only read cannot push', async () => {
  const made = await mara('POST', `${simulator.control}/credentials`, {
    kind: 'api_token',
    username: 'tomas-okoye',
    scopes: ['read:repository:bitbucket'],
  })
  const clone = join(folder, 'work')
  await git(clone, 'checkout', '-q', '-b', 'sneaky', 'origin/main')
  await expect(
    git(clone, 'push', '-q', remote('x-bitbucket-api-token-auth', String(made.at('token'))), 'sneaky'),
  ).rejects.toThrow('403')
})
