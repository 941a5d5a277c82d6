import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { at } from '../../shared/json.ts'
import { gitText } from '../git/run-git.ts'
import type { PullRequest, Repository } from '../model.ts'
import { mustWalk, type Step, takeWalk } from '../openapi/walk.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { generateWorkspace } from './generate-workspace.ts'

// Real git, thousands of records: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-test-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

async function generate(repositories: number, pullRequests: number, seed: number, name = `${seed}`): Promise<string> {
  const out = join(folder, `${repositories}x${pullRequests}-${name}`)
  await generateWorkspace({ repositories, pullRequests, seed, out })
  return out
}

async function sourceOf(ask: Ask, fullName: string, id: number | undefined): Promise<unknown> {
  return (await ask('GET', `/repositories/${fullName}/pullrequests/${id}`)).at('source', 'commit', 'hash')
}

test('the same seed makes the same file to the byte, another one another, and nothing else is left', async () => {
  const [one, same, other] = [await generate(3, 20, 5), await generate(3, 20, 5, 'again'), await generate(3, 20, 6)]
  const bytes = await readFile(one)
  expect(bytes.equals(await readFile(same))).toBe(true)
  expect(bytes.equals(await readFile(other))).toBe(false)
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('the smallest workspace starts', async () => {
  const simulator = await startSimulator({ from: await generate(1, 1, 1) })
  try {
    const ask = askAs(simulator, simulator.users[0]?.username ?? '')
    const [repository] = simulator.repositories
    const list = await ask('GET', `/repositories/${repository?.full_name}/pullrequests?state=ALL`)
    expect(list.at('size')).toBe(1)
  } finally {
    await simulator.close()
  }
})

test('a small workspace has something open in every repository', async () => {
  const simulator = await startSimulator({ from: await generate(3, 20, 1) })
  try {
    expect(simulator.repositories.filter((one) => one.open_pull_requests.length === 0)).toEqual([])
    const ask = askAs(simulator, simulator.users[0]?.username ?? '')
    for (const {
      full_name,
      open_pull_requests: [id],
    } of simulator.repositories)
      expect((await ask('GET', `/repositories/${full_name}/diff/${await sourceOf(ask, full_name, id)}`)).status).toBe(
        200,
      )
  } finally {
    await simulator.close()
  }
})

describe('a generated workspace', () => {
  let simulator: Simulator
  let ask: Ask
  let repositories: Repository[]
  let all: { repository: Repository; one: PullRequest }[]

  beforeAll(async () => {
    simulator = await startSimulator({ from: await generate(6, 150, 1) })
    ask = askAs(simulator, simulator.users[0]?.username ?? '')
    ;({ repositories } = simulator.sim)
    all = repositories.flatMap((repository) => repository.pullRequests.map((one) => ({ repository, one })))
  })
  afterAll(async () => await simulator.close())

  test('unpacks a repository when somebody first needs its git, once for all who ask', async () => {
    const [first] = repositories
    if (first === undefined) throw new Error('no repository')
    expect(existsSync(first.directory)).toBe(false)
    const base = `/repositories/lantern-quay/${first.slug}`
    const answers = await Promise.all(
      ['commits', 'refs/branches', 'src/main/README.md', 'commits/main?pagelen=100'].map(
        async (tail) => (await ask('GET', `${base}/${tail}`)).status,
      ),
    )
    expect(answers).toEqual([200, 200, 200, 200])
    expect(existsSync(join(first.directory, 'packed-refs'))).toBe(true)
  })

  test('names only commits that are there, and deploys only what is on the main branch', async () => {
    for (const { directory, pullRequests, pipelines, deployments } of repositories) {
      const named = [
        ...pullRequests.flatMap(({ sourceHash, destinationHash, mergeCommit, activity }) => [
          sourceHash,
          destinationHash,
          ...(mergeCommit === null ? [] : [mergeCommit]),
          ...activity.flatMap((one) => (one.kind === 'update' ? [one.sourceHash, one.destinationHash] : [])),
        ]),
        ...pipelines.map(({ target }) => target.hash),
      ]
      const types = await gitText(directory, ['cat-file', '--batch-check=%(objecttype)'], {
        stdin: `${named.join('\n')}\n`,
      })
      expect(new Set(types.trim().split('\n'))).toEqual(new Set(['commit']))
      const main = new Set((await gitText(directory, ['rev-list', 'main'])).trim().split('\n'))
      const released = [...deployments.map(({ hash }) => hash), ...pullRequests.flatMap((one) => one.mergeCommit ?? [])]
      expect(released.filter((hash) => !main.has(hash))).toEqual([])
    }
  })

  test('tells of every pull request in the order of time, from its opening to its end', () => {
    for (const { repository, one } of all) {
      const name = `${repository.slug} #${one.id}`
      const dates = one.activity.map(({ date }) => date)
      expect({ name, dates }).toEqual({ name, dates: dates.toSorted() })
      expect({ name, first: dates[0], last: dates.at(-1) }).toEqual({ name, first: one.createdOn, last: one.updatedOn })
      const ends = one.activity.filter((each) => each.kind === 'update').at(-1)
      expect({ name, state: ends?.state }).toEqual({ name, state: one.state })
      expect(one.reviewers).not.toContain(one.author)
      expect(new Set(one.participants.map(({ person }) => person)).size).toBe(one.participants.length)
    }
  })

  test('merges only what was approved', () => {
    const merged = all.filter(({ one }) => one.state === 'MERGED')
    expect(merged.length).toBeGreaterThan(all.length * 0.8)
    for (const { one } of merged) {
      const kinds = one.activity.map(({ kind }) => kind)
      expect(kinds.indexOf('approval')).toBeGreaterThan(0)
      expect(one.participants.some(({ state }) => state === 'approved')).toBe(true)
      expect(one.mergeCommit).toMatch(/^[0-9a-f]{40}$/)
    }
  })

  test('has all kinds of everything', () => {
    const states = new Set(all.map(({ one }) => one.state))
    expect(states).toEqual(new Set(['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']))
    const activities = all.flatMap(({ one }) => one.activity)
    expect(new Set(activities.map(({ kind }) => kind))).toEqual(
      new Set(['update', 'comment', 'approval', 'changes_requested']),
    )
    const changed = activities.flatMap((one) => (one.kind === 'update' ? Object.keys(one.changes) : []))
    expect(changed).toContain('draft')
    expect(changed).toContain('destination')
    expect(all.some(({ one }) => one.title.startsWith('Revert "'))).toBe(true)
    expect(all.some(({ one }) => one.sourceBranch.startsWith('hotfix/'))).toBe(true)
    expect(all.some(({ one }) => one.author.kind === 'app_user')).toBe(true)
    const comments = all.flatMap(({ one }) => one.comments)
    expect(comments.some(({ parentId }) => parentId !== null)).toBe(true)
    expect(comments.some(({ resolution }) => resolution !== null)).toBe(true)
    expect(all.some(({ one }) => one.tasks.some(({ state }) => state === 'RESOLVED'))).toBe(true)
    const results = repositories.flatMap(({ pipelines }) =>
      pipelines.map(({ state }) => (state.name === 'COMPLETED' ? state.result : state.name)),
    )
    for (const result of ['SUCCESSFUL', 'FAILED', 'STOPPED', 'ERROR']) expect(results).toContain(result)
    const deployed = repositories.flatMap(({ deployments }) => deployments)
    const ends = deployed.map(({ state }) => (state.name === 'COMPLETED' ? state.status : state.name))
    for (const end of ['SUCCESSFUL', 'FAILED', 'STOPPED', 'UNDEPLOYED']) expect(ends).toContain(end)
    expect(new Set(deployed.map(({ environment }) => environment.name)).size).toBe(3)
    const rolledBack = deployed.filter(
      ({ pipeline: { target } }) => target.kind === 'ref' && target.selector?.type === 'custom',
    )
    expect(rolledBack.length).toBeGreaterThan(0)
  })

  test('shows people with working weeks and a long tail', () => {
    const weekend = all.filter(({ one }) => [0, 6].includes(new Date(one.createdOn).getUTCDay())).length
    expect(weekend / all.length).toBeLessThan(0.1)
    const hours = all
      .filter(({ one }) => one.state === 'MERGED')
      .map(({ one }) => (Date.parse(one.updatedOn) - Date.parse(one.createdOn)) / 3_600_000)
      .toSorted((one, other) => one - other)
    const [median = 0, most = 0] = [hours[hours.length >> 1], hours[Math.floor(hours.length * 0.9)]]
    expect(median).toBeGreaterThan(2)
    expect(median).toBeLessThan(72)
    expect(most).toBeGreaterThan(median * 3)
    const ends = repositories.map(({ pullRequests }) => pullRequests.at(-1)?.createdOn ?? '')
    expect(ends.some((date) => date < '2026-01-01')).toBe(true)
    expect(ends.some((date) => date > '2026-11-01')).toBe(true)
  })

  test('is the same through the API: commits of a pull request come before it is opened or with a push', async () => {
    const found = all.find(({ one }) => one.state === 'MERGED' && one.comments.length > 2)
    if (found === undefined) throw new Error('no pull request with comments')
    const base = `/repositories/lantern-quay/${found.repository.slug}`
    const path = `${base}/pullrequests/${found.one.id}`
    const commits = await ask('GET', `${path}/commits`)
    expect(commits.values.length).toBeGreaterThan(0)
    for (const commit of commits.values) {
      expect(Date.parse(String(at(commit, 'date')))).toBeLessThan(Date.parse(found.one.updatedOn))
      expect(at(commit, 'author', 'user', 'uuid')).toBeDefined()
    }
    const diffstat = await ask('GET', String((await ask('GET', `${path}/diffstat`)).headers.get('location')))
    const paths = diffstat.values.map((one) => at(one, 'new', 'path') ?? at(one, 'old', 'path'))
    const comments = await ask('GET', `${path}/comments?q=inline.path ~ "/"&pagelen=100`)
    expect(comments.values.length).toBeGreaterThan(0)
    for (const comment of comments.values) expect(paths).toContain(at(comment, 'inline', 'path'))
    const statuses = await ask('GET', `${path}/statuses`)
    expect(statuses.values.map((one) => at(one, 'state'))).toContain('SUCCESSFUL')
    expect(String(at(statuses.values[0], 'url'))).toMatch(/^http/)
  })

  test.runIf(mustWalk)('answers as the published API description has it', async () => {
    const base = '/repositories/:workspace/:slug'
    const pull = `${base}/pullrequests/:id`
    const as = simulator.users[0]?.username ?? ''
    const steps: Step[] = [
      { method: 'GET', as, path: '/workspaces/:workspace/members', query: 'pagelen=100' },
      { method: 'GET', as, path: '/repositories/:workspace' },
      { method: 'GET', as, path: `${base}/pullrequests`, query: 'state=ALL&pagelen=50&fields=%2Bvalues.participants' },
      { method: 'GET', as, path: `${base}/pullrequests/activity`, query: 'pagelen=50' },
      { method: 'GET', as, path: pull },
      { method: 'GET', as, path: `${pull}/comments`, query: 'pagelen=100' },
      { method: 'GET', as, path: `${pull}/tasks` },
      { method: 'GET', as, path: `${pull}/statuses` },
      { method: 'GET', as, path: `${pull}/commits` },
      { method: 'GET', as, path: `${base}/commits`, query: 'pagelen=100' },
      { method: 'GET', as, path: `${base}/refs/branches` },
      { method: 'GET', as, path: `${base}/pipelines`, query: 'pagelen=100' },
      { method: 'GET', as, path: `${base}/deployments`, query: 'pagelen=100' },
      { method: 'GET', as, path: `${base}/environments` },
    ]
    for (const { slug, pullRequests } of repositories) {
      const busiest = pullRequests.toSorted((one, other) => other.comments.length - one.comments.length)[0]
      const values = () => ({ workspace: 'lantern-quay', slug, id: String(busiest?.id) })
      expect(await takeWalk(simulator, { name: slug, mode: '2026', values, steps })).toEqual([])
    }
  })
})
