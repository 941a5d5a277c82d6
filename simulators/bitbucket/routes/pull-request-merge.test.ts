import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

const shop = '/repositories/meadow-goods/storefront-api'
let simulator: Simulator
let yuki: Ask
let mara: Ask
let clone: Clone
let branches = 0

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  yuki = askAs(simulator, 'yuki-brandt')
  mara = askAs(simulator, 'mara-lind')
  clone = await openClone(simulator, { slug: 'storefront-api', username: 'tomas-okoye' })
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
})

interface Proposal {
  id: string
  path: string
  branch: string
  target: string
}

/** A branch of two commits against a target of its own; `behind` gives the target a commit the branch has not. */
async function propose(options: { behind?: boolean; conflict?: boolean } = {}): Promise<Proposal> {
  branches += 1
  const [target, branch] = [`target-${branches}`, `topic-${branches}`]
  await clone.git('checkout', '-q', '-b', target, 'origin/main')
  await clone.commit('Begin', { 'shared.txt': 'one\n' })
  await clone.git('checkout', '-q', '-b', branch)
  await clone.commit(`First of ${branch}`, { [`${branch}.txt`]: '1\n', 'shared.txt': 'topic\n' })
  await clone.commit(`Second of ${branch}`, { [`${branch}.txt`]: '2\n' })
  await clone.git('checkout', '-q', target)
  if (options.behind === true) await clone.commit('Meanwhile', { [`${target}.txt`]: 'x\n' })
  if (options.conflict === true) await clone.commit('Meanwhile', { 'shared.txt': 'target\n' })
  await clone.git('push', '-q', 'origin', target, branch)
  const made = await askAs(simulator, 'tomas-okoye')('POST', `${shop}/pullrequests`, {
    title: `Bring ${branch}`,
    source: { branch: { name: branch } },
    destination: { branch: { name: target } },
  })
  const id = String(made.at('id'))
  return { id, path: `${shop}/pullrequests/${id}`, branch, target }
}

/** Subject, author, committer and parents of the commits that a target has got, newest first. */
async function gained({ target }: Proposal, before: string): Promise<string[][]> {
  await clone.git('fetch', '-q', 'origin')
  const text = await clone.git('log', '--topo-order', '--format=%s|%an|%cn|%P', `origin/${target}`, `^${before}`)
  return Array.from(text.trim().matchAll(/^.*$/gm), ([line]) => line.split('|'))
}

async function tipOf(branch: string): Promise<string> {
  await clone.git('fetch', '-q', 'origin')
  return (await clone.git('rev-parse', `origin/${branch}`)).trim()
}

describe('each strategy by git itself', () => {
  const first = (one: Proposal) => [`First of ${one.branch}`, 'Tomas Okoye']
  const second = (one: Proposal) => [`Second of ${one.branch}`, 'Tomas Okoye']
  const merged = (one: Proposal) => [`Merged in ${one.branch} (pull request #${one.id})`, 'Yuki Brandt']

  test.each([
    ['merge_commit', true, (one: Proposal) => [merged(one), second(one), first(one)], 2],
    ['squash', true, (one: Proposal) => [merged(one)], 1],
    ['fast_forward', false, (one: Proposal) => [second(one), first(one)], 1],
    ['squash_fast_forward', false, (one: Proposal) => [merged(one)], 1],
    ['rebase_fast_forward', true, (one: Proposal) => [second(one), first(one)], 1],
    ['rebase_fast_forward', false, (one: Proposal) => [second(one), first(one)], 1],
    ['rebase_merge', true, (one: Proposal) => [merged(one), second(one), first(one)], 2],
  ])('%s (behind: %s) makes the commits it should', async (strategy, behind, commits, parents) => {
    const one = await propose({ behind })
    const [before, source] = [await tipOf(one.target), await tipOf(one.branch)]
    const reply = await yuki('POST', `${one.path}/merge`, { merge_strategy: strategy })
    expect([reply.status, reply.at('state')]).toEqual([200, 'MERGED'])
    const found = await gained(one, before)
    expect(found.map(([subject, author]) => [subject, author])).toEqual(commits(one))
    const tip = await tipOf(one.target)
    expect(found[0]?.[3]?.split(' ')).toHaveLength(parents)
    expect(reply.at('merge_commit', 'hash')).toBe(tip.slice(0, 12))
    expect((await yuki('GET', one.path)).at('merge_commit', 'hash')).toBe(tip.slice(0, 12))
    const isKept = strategy === 'fast_forward' || (strategy === 'rebase_fast_forward' && !behind)
    expect(tip === source).toBe(isKept)
    if (strategy === 'merge_commit') expect(found[0]?.[3]).toBe(`${before} ${source}`)
    if (strategy === 'rebase_fast_forward' && behind) expect(found[0]?.[2]).toBe('Yuki Brandt')
    expect(await clone.git('show', `origin/${one.target}:${one.branch}.txt`)).toBe('2\n')
    if (behind) expect(await clone.git('show', `origin/${one.target}:${one.target}.txt`)).toBe('x\n')
  })

  test('the usual message names the squashed commits and who approved; a message of one’s own is taken as it is', async () => {
    const one = await propose()
    await yuki('POST', `${one.path}/approve`)
    await yuki('POST', `${one.path}/merge`, { merge_strategy: 'squash' })
    await clone.git('fetch', '-q', 'origin')
    expect(await clone.git('log', '-1', '--format=%B', `origin/${one.target}`)).toBe(
      [
        `Merged in ${one.branch} (pull request #${one.id})`,
        `Bring ${one.branch}`,
        `* First of ${one.branch}`,
        `* Second of ${one.branch}`,
        'Approved-by: Yuki Brandt\n\n',
      ].join('\n\n'),
    )
    const other = await propose()
    simulator.switches.squashAuthor = 'pull_request_author'
    await yuki('POST', `${other.path}/merge`, { merge_strategy: 'squash', message: 'Mine alone' })
    simulator.switches.squashAuthor = 'merger'
    await clone.git('fetch', '-q', 'origin')
    expect(await clone.git('log', '-1', '--format=%s|%an', `origin/${other.target}`)).toBe('Mine alone|Tomas Okoye\n')
  })

  test('a rebase leaves out what the destination has already', async () => {
    const one = await propose()
    await clone.git('cherry-pick', '--keep-redundant-commits', `${one.branch}~1`)
    await clone.commit('More', { 'more.txt': 'x' })
    await clone.git('push', '-q', 'origin', one.target)
    const before = await tipOf(one.target)
    await yuki('POST', `${one.path}/merge`, { merge_strategy: 'rebase_fast_forward' })
    expect((await gained(one, before)).map(([subject]) => subject)).toEqual([`Second of ${one.branch}`])
  })
})

describe('what cannot be merged', () => {
  test.each(['merge_commit', 'squash', 'rebase_fast_forward', 'rebase_merge'])(
    'conflicts are refused with %s and change nothing',
    async (strategy) => {
      const one = await propose({ conflict: true })
      const before = await tipOf(one.target)
      const reply = await yuki('POST', `${one.path}/merge`, { merge_strategy: strategy })
      expect([reply.status, reply.at('error', 'message')]).toEqual([
        400,
        "You can't merge until you resolve all merge conflicts.",
      ])
      expect(await tipOf(one.target)).toBe(before)
      expect((await yuki('GET', one.path)).at('state')).toBe('OPEN')
    },
  )

  test('the answer to a merge has twelve characters of the hash, by a switch all of it', async () => {
    simulator.switches.mergeAnswerHash = 'full'
    const one = await propose()
    const reply = await yuki('POST', `${one.path}/merge`)
    simulator.switches.mergeAnswerHash = 'short'
    const tip = await tipOf(one.target)
    expect(reply.at('merge_commit', 'hash')).toBe(tip)
    expect((await yuki('GET', one.path)).at('merge_commit', 'hash')).toBe(tip.slice(0, 12))
  })

  test('a branch that is behind is not fast forwarded; the status is a switch', async () => {
    const one = await propose({ behind: true })
    const message = 'Unable to fast forward due to changes in the destination branch.'
    for (const strategy of ['fast_forward', 'squash_fast_forward']) {
      const reply = await yuki('POST', `${one.path}/merge`, { merge_strategy: strategy })
      expect([reply.status, reply.at('error', 'message')]).toEqual([400, message])
    }
    simulator.switches.mergeRefusalStatus = 409
    expect((await yuki('POST', `${one.path}/merge`, { merge_strategy: 'fast_forward' })).status).toBe(409)
    simulator.switches.mergeRefusalStatus = 400
  })

  test('drafts, deleted sources, closed ones and unknown strategies are refused', async () => {
    const one = await propose()
    await yuki('PUT', one.path, { draft: true })
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(400)
    await yuki('PUT', one.path, { draft: false })
    const strange = await yuki('POST', `${one.path}/merge`, { merge_strategy: 'octopus' })
    expect([strange.status, at(strange.at('error', 'fields'), 'merge_strategy')]).toEqual([
      400,
      ['"octopus" is not a valid choice.'],
    ])
    await clone.git('push', '-q', 'origin', `:${one.branch}`)
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(400)
    await yuki('POST', `${one.path}/decline`)
    const closed = await yuki('POST', `${one.path}/merge`, {})
    expect(closed.at('error', 'fields')).toEqual({ newstatus: ['This pull request is already closed.'] })
  })

  test('a branch that moved meanwhile is a conflict of another kind', async () => {
    const one = await propose()
    const pullRequest = simulator.sim.repositories[0]?.pullRequests.find((other) => String(other.id) === one.id)
    // As if a push had come between.
    if (pullRequest !== undefined) pullRequest.destinationHash = (await clone.git('rev-parse', 'origin/main')).trim()
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(409)
    expect((await yuki('GET', one.path)).at('state')).toBe('OPEN')
  })
})

describe('a merge that is not waited for', () => {
  async function start(one: Proposal, body: unknown = {}) {
    const reply = await yuki('POST', `${one.path}/merge?async=true`, body)
    return { reply, location: String(reply.headers.get('location')) }
  }

  test('answers 202 with an address that says PENDING, then SUCCESS with the pull request', async () => {
    const one = await propose()
    const { reply, location } = await start(one, { close_source_branch: true })
    expect([reply.status, reply.text]).toEqual([202, '""'])
    expect(location).toMatch(new RegExp(`${simulator.api}${one.path}/merge/task-status/[0-9a-f-]{36}$`))
    const pending = await yuki('GET', location)
    expect(pending.body).toEqual({ task_status: 'PENDING', links: { self: { href: location } } })
    const done = await yuki('GET', location)
    expect([done.status, done.at('task_status'), done.at('merge_result', 'state')]).toEqual([200, 'SUCCESS', 'MERGED'])
    expect((await yuki('GET', `${shop}/refs/branches/${one.branch}`)).status).toBe(404)
  })

  test('tells why it failed in the words of a merge that is waited for', async () => {
    const one = await propose({ conflict: true })
    const { location } = await start(one)
    await yuki('GET', location)
    const failed = await yuki('GET', location)
    expect([failed.status, failed.at('error', 'message')]).toEqual([
      400,
      "You can't merge until you resolve all merge conflicts.",
    ])
  })

  test('an address of another pull request is refused, one of nobody stays pending', async () => {
    const [one, other] = [await propose(), await propose()]
    const { location } = await start(one)
    const id = location.split('/').at(-1)
    expect((await yuki('GET', `${other.path}/merge/task-status/${id}`)).status).toBe(400)
    const unknown = await yuki('GET', `${other.path}/merge/task-status/nobody`)
    expect([unknown.status, unknown.at('task_status')]).toEqual([200, 'PENDING'])
    expect((await askAs(simulator, 'piet-oosten')('GET', location)).status).toBe(403)
  })

  test('a slow one goes on by itself or is given up, when the switch says so', async () => {
    const one = await propose()
    simulator.switches.slowMerge = 'answers_555'
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(555)
    expect((await yuki('GET', one.path)).at('state')).toBe('OPEN')
    simulator.switches.slowMerge = 'answers_202'
    simulator.switches.mergeTaskPendingPolls = 0
    const slow = await yuki('POST', `${one.path}/merge`, {})
    simulator.switches.slowMerge = 'waits'
    simulator.switches.mergeTaskPendingPolls = 1
    expect(slow.status).toBe(202)
    expect((await yuki('GET', String(slow.headers.get('location')))).at('task_status')).toBe('SUCCESS')
  })
})

describe('mergeability checks', () => {
  async function checks(one: Proposal, ask: Ask = yuki): Promise<unknown[][]> {
    const reply = await ask('GET', `${one.path}/mergeability/checks`)
    return reply.values.map((check) => [
      at(check, 'type'),
      at(check, 'status'),
      at(check, 'blocking'),
      at(check, 'reason'),
    ])
  }

  test('say what stands in the way', async () => {
    const clean = await propose()
    expect(await checks(clean)).toEqual([
      ['pullrequest_state_check', 'PASSED', false, 'open'],
      ['current_user_permission_check', 'PASSED', false, 'allowed'],
      ['git_mergeability_check', 'PASSED', false, 'clean'],
    ])
    const conflict = await propose({ conflict: true })
    expect(await checks(conflict)).toContainEqual(['git_mergeability_check', 'FAILED', true, 'conflicts'])
  })

  test('restrictions of the branch are among them, and hold at the merge', async () => {
    const one = await propose()
    const restrict = async (kind: string, value: number | undefined) =>
      await mara('POST', `${shop}/branch-restrictions`, {
        kind,
        branch_match_kind: 'glob',
        pattern: one.target,
        ...(value === undefined ? { users: [], groups: [] } : { value }),
      })
    simulator.switches.mergeChecks = 'enforced'
    await restrict('require_approvals_to_merge', 2)
    await restrict('require_tasks_to_be_completed', 0)
    await mara('POST', `${one.path}/approve`)
    await mara('POST', `${one.path}/tasks`, { content: { raw: 'Look' } })
    expect(await checks(one)).toEqual(
      expect.arrayContaining([
        ['standard_merge_check', 'FAILED', true, 'at least 2 approvals are required'],
        ['standard_merge_check', 'FAILED', true, 'there are unresolved tasks'],
      ]),
    )
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(400)
    simulator.switches.mergeChecks = 'when_restricted'
    expect(await checks(one)).toContainEqual(['standard_merge_check', 'FAILED', false, 'there are unresolved tasks'])
    await restrict('restrict_merges', undefined)
    expect(await checks(one)).toContainEqual(['current_user_permission_check', 'FAILED', true, 'not_allowed'])
    expect((await yuki('POST', `${one.path}/merge`, {})).status).toBe(403)
  })
})
