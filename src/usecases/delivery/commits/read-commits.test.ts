import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { mirrorFolder } from '../../../git/mirror-folder.ts'
import { createHttpClient } from '../../../lib/http-client.ts'
import { ensureCommitFeeds, listDueCommitFeeds } from '../../../store/delivery/commit-feeds.ts'
import { openGitAccess } from '../../remotes/open-connection.ts'
import { createRequestBudgets } from '../../remotes/request-budgets.ts'
import type { CommitDeps } from './commit-deps.ts'
import { readCommits } from './read-commits.ts'
import { removeMirrors } from './remove-mirrors.ts'

let world: SyncWorld
let deps: CommitDeps
let feedId: string
let folder: string
const http = createHttpClient()

beforeAll(async () => {
  world = await createSyncWorld({ repositories: 0 })
  folder = await mkdtemp(join(tmpdir(), 'weir-commits-'))
  const { db, clock, log, newId } = world.deps
  const remote = { ...world.deps, http, budgets: createRequestBudgets({ db, clock }) }
  const git = {
    folder,
    limits: { maxBytes: 1e9, keepFreeBytes: 0 },
    allowedPrivateAddresses: [new URL(world.simulator.web).host],
    open: async (key: Parameters<typeof openGitAccess>[1]) => openGitAccess(remote, key),
  }
  deps = { db, clock, newId, log, git }
  const { organizationId: organization_id, connectionId: connection_id, repositoryId: repository_id } = world.ids
  const feed = {
    organization_id,
    connection_id,
    repository_id,
    kind: 'pull_requests' as const,
    state: 'fresh' as const,
  }
  await db
    .insertInto('feed')
    .values({ ...feed, id: newId() })
    .execute()
  await ensureCommitFeeds(db, { newId, now: clock(), limit: 10 })
  await ensureCommitFeeds(db, { newId, now: clock(), limit: 10 })
  feedId = (await db.selectFrom('feed').select('id').where('kind', '=', 'commits').executeTakeFirstOrThrow()).id
})
afterAll(async () => {
  await world.close()
  await http.close()
  await rm(folder, { recursive: true, force: true })
})

const key = () => ({ organizationId: world.ids.organizationId, feedId })
const read = () => readCommits(deps, key())
const feed = () => world.db.selectFrom('feed').selectAll().where('id', '=', feedId).executeTakeFirstOrThrow()
const remote = () => {
  const found = world.simulator.sim.repositories.find(({ slug }) => slug === 'storefront-api')
  if (found === undefined) throw new Error('There is no storefront-api.')
  return found
}
const git = (...args: string[]) => {
  const env = { PATH: '/usr/bin:/bin', GIT_AUTHOR_NAME: 'Ines', GIT_AUTHOR_EMAIL: 'Ines@Meadow-Goods.example' }
  const committer = { GIT_COMMITTER_NAME: 'Ines', GIT_COMMITTER_EMAIL: 'ines@meadow-goods.example', ...env }
  return execFileSync('git', ['-C', remote().directory, ...args], { encoding: 'utf8', env: committer }).trim()
}
const makeCommit = (parent: string, { at, tree = parent }: { at: string; tree?: string }) =>
  execFileSync('git', ['-C', remote().directory, 'commit-tree', `${tree}^{tree}`, '-p', parent, '-m', 'x'], {
    encoding: 'utf8',
    env: {
      PATH: '/usr/bin:/bin',
      GIT_AUTHOR_NAME: 'Ines',
      GIT_AUTHOR_EMAIL: 'Ines@Meadow-Goods.example',
      GIT_COMMITTER_NAME: 'Ines',
      GIT_COMMITTER_EMAIL: 'ines@meadow-goods.example',
      GIT_AUTHOR_DATE: at,
    },
  }).trim()

type Told = { state?: 'open' | 'merged' | 'declined'; source: string | null; merge?: string | null; at?: string }

let number = 100
async function insertPullRequest({ state = 'merged', source, merge = null, at = '2026-11-02T00:00:00Z' }: Told) {
  number += 1
  const id = world.deps.newId()
  const { organizationId: organization_id, repositoryId: repository_id } = world.ids
  await world.db
    .insertInto('pull_request')
    .values({
      organization_id,
      id,
      repository_id,
      remote_id: number,
      title: 'A change',
      state,
      source_branch: 'work',
      destination_branch: 'main',
      source_commit: source?.slice(0, 12) ?? null,
      merge_commit: merge?.slice(0, 12) ?? null,
      opened_at: new Date('2026-11-01T00:00:00Z'),
      remote_updated_at: new Date(at),
      merged_at: state === 'merged' ? new Date(at) : null,
    })
    .execute()
  return id
}
const pullRequest = (id: string) =>
  world.db.selectFrom('pull_request').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const changeOf = (id: string) =>
  world.db.selectFrom('pull_request_change').selectAll().where('pull_request_id', '=', id).executeTakeFirstOrThrow()
const commitsOf = async (id: string) => {
  const rows = await world.db
    .selectFrom('pull_request_commit')
    .select('sha')
    .where('pull_request_id', '=', id)
    .execute()
  return rows.map(({ sha }) => sha).toSorted()
}

test('commits are written down with their authors, and each pull request gets its own commits and size', async () => {
  const { organizationId: organization_id } = world.ids
  const contributor_id = world.deps.newId()
  const person = { organization_id, id: contributor_id, kind: 'bitbucket' as const, remote_id: '{ines}' }
  const seen = { first_seen_at: new Date(), last_seen_at: new Date() }
  await world.db
    .insertInto('contributor')
    .values({ ...person, ...seen, display_name: 'Ines' })
    .execute()
  const address = { organization_id, contributor_id, address: 'ines@meadow-goods.example', created_at: new Date() }
  await world.db
    .insertInto('contributor_email')
    .values({ ...address, source: 'commit' })
    .execute()
  const main = git('rev-parse', 'main')
  const first = makeCommit(main, { at: '2026-10-20T08:00:00Z', tree: 'main~1' })
  const second = makeCommit(first, { at: '2026-10-21T08:00:00Z' })
  const squash = makeCommit(main, { at: '2026-11-02T00:00:00Z', tree: second })
  git('update-ref', 'refs/heads/work', second)
  git('update-ref', 'refs/heads/main', squash)
  const squashed = await insertPullRequest({ source: second, merge: squash })
  const empty = await insertPullRequest({ state: 'open', source: main })
  const lost = await insertPullRequest({ source: 'f'.repeat(40), merge: 'e'.repeat(40) })
  const outcome = await read()
  const graphSize = Number(git('rev-list', '--count', '--all', '--branches'))
  expect(outcome).toMatchObject({ kind: 'read', pullRequests: 3 })
  expect(await world.db.selectFrom('commit').select('sha').execute()).toHaveLength(
    git('rev-list', '--branches', '--tags').split('\n').length,
  )
  expect(graphSize).toBeGreaterThan(10)
  const [added = 0, removed = 0] =
    git('diff', '--shortstat', main, second)
      .match(/\d+(?= (ins|del))/g)
      ?.map(Number) ?? []
  expect(await pullRequest(squashed)).toMatchObject({
    commit_count: 2,
    first_commit_at: new Date('2026-10-20T08:00:00Z'),
    merge_sha: squash,
    source_sha: second,
    commit_flags: [],
  })
  const size = await pullRequest(squashed)
  expect((size.lines_added ?? 0) + (size.lines_removed ?? 0)).toBe(added + removed)
  expect(size.lines_added).not.toBeNull()
  expect(await commitsOf(squashed)).toEqual([first, second].toSorted())
  const files = git('diff', '--name-only', '--no-renames', main, second)
    .split('\n')
    .filter((line) => line !== '')
  expect(await changeOf(squashed)).toMatchObject({ from_sha: main, to_sha: second, path_count: files.length })
  expect((await changeOf(squashed)).paths?.toSorted()).toEqual(files.toSorted())
  expect(await changeOf(empty)).toMatchObject({ paths: [], path_count: 0 })
  expect(await changeOf(lost)).toMatchObject({ to_sha: null, paths: null, path_count: null })
  expect(await pullRequest(empty)).toMatchObject({ commit_count: 0, lines_added: 0, first_commit_at: null })
  expect(await pullRequest(lost)).toMatchObject({
    commit_count: null,
    lines_added: null,
    merge_sha: null,
    commit_flags: ['source_unknown', 'merge_unknown'],
  })
  const commit = await world.db.selectFrom('commit').selectAll().where('sha', '=', first).executeTakeFirstOrThrow()
  expect(commit).toMatchObject({
    author_id: contributor_id,
    author_email: 'Ines@Meadow-Goods.example',
    parents: [main],
  })
  const authors = await world.db
    .selectFrom('commit as c')
    .leftJoin('contributor as p', 'p.id', 'c.author_id')
    .select(['c.author_email', 'p.kind', 'p.email', 'p.display_name'])
    .distinct()
    .execute()
  // Whoever has no account is one of commits, by address and name; whoever has one gets no other.
  const strangers = authors.filter(({ author_email }) => author_email?.toLowerCase() !== 'ines@meadow-goods.example')
  expect(strangers.length).toBeGreaterThan(0)
  for (const one of strangers) expect(one).toMatchObject({ kind: 'git', email: one.author_email?.toLowerCase() })
  expect(
    await world.db.selectFrom('contributor').select('id').where('email', '=', 'ines@meadow-goods.example').execute(),
  ).toEqual([])
  expect(await feed()).toMatchObject({ state: 'fresh', error: null, requests_spent: 0 })
  const mirror = await world.db.selectFrom('git_mirror').selectAll().executeTakeFirstOrThrow()
  expect(mirror.operations).toBe(1)
  expect(mirror.size_bytes).toBeGreaterThan(1000)
  // Read before it was kept what they changed: what is missing comes with the next reading, though nothing is new.
  await world.db.deleteFrom('pull_request_change').where('pull_request_id', '=', squashed).execute()
  expect(await read()).toMatchObject({ kind: 'read', pullRequests: 1 })
  expect(await changeOf(squashed)).toMatchObject({ to_sha: second })
})

test('reading again writes nothing; a new head is read, and what was not found is looked for again', async () => {
  expect(await read()).toEqual({ kind: 'read', commits: 0, pullRequests: 0 })
  const main = git('rev-parse', 'main')
  const work = makeCommit(main, { at: '2026-11-03T08:00:00Z' })
  const id = await insertPullRequest({ state: 'open', source: work, at: new Date().toISOString() })
  expect(await read()).toEqual({ kind: 'read', commits: 0, pullRequests: 1 })
  expect(await pullRequest(id)).toMatchObject({ commit_count: null, commit_flags: ['source_unknown'] })
  git('update-ref', 'refs/heads/late', work)
  expect(await read()).toEqual({ kind: 'read', commits: 1, pullRequests: 1 })
  expect(await pullRequest(id)).toMatchObject({ commit_count: 1, commit_flags: [] })
})

test('a forced push puts other commits in place of those that were found', async () => {
  const main = git('rev-parse', 'main')
  const before = makeCommit(main, { at: '2026-11-04T08:00:00Z' })
  git('update-ref', 'refs/heads/forced', before)
  const id = await insertPullRequest({ state: 'open', source: before })
  await read()
  expect(await commitsOf(id)).toEqual([before])
  const after = makeCommit(main, { at: '2026-11-05T08:00:00Z' })
  git('update-ref', 'refs/heads/forced', after)
  await world.db
    .updateTable('pull_request')
    .set({ source_commit: after.slice(0, 12) })
    .where('id', '=', id)
    .execute()
  await read()
  expect(await commitsOf(id)).toEqual([after])
  expect(await pullRequest(id)).toMatchObject({ first_commit_at: new Date('2026-11-05T08:00:00Z') })
})

test('whose lines a merged pull request changed is read once, whether it was squashed, merged or fast-forwarded', async () => {
  const base = git('rev-parse', 'main')
  const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')
  const write = (parent: string, content: string, at: string) => {
    const env = { PATH: '/usr/bin:/bin', GIT_INDEX_FILE: join(folder, 'blame.index') }
    const run = (args: string[], input?: string) =>
      execFileSync('git', ['-C', remote().directory, ...args], { encoding: 'utf8', env, input }).trim()
    const blob = run(['hash-object', '-w', '--stdin'], content)
    run(['read-tree', `${parent}^{tree}`])
    run(['update-index', '--add', '--cacheinfo', `100644,${blob},blamed.ts`])
    const tree = run(['write-tree'])
    return makeCommit(parent, { at, tree })
  }
  const old = write(base, text('one', 'two', 'three'), '2026-09-01T00:00:00Z')
  const recent = write(old, text('one', 'two', 'three', 'four'), '2026-10-20T00:00:00Z')
  const work = write(recent, text('uno', 'two', 'three', 'vier', 'five'), '2026-11-01T00:00:00Z')
  const squash = makeCommit(recent, { at: '2026-11-02T00:00:00Z', tree: work })
  const joined = execFileSync(
    'git',
    ['-C', remote().directory, 'commit-tree', `${work}^{tree}`, '-p', recent, '-p', work, '-m', 'merge'],
    {
      encoding: 'utf8',
      env: {
        PATH: '/usr/bin:/bin',
        GIT_AUTHOR_NAME: 'Ines',
        GIT_AUTHOR_EMAIL: 'ines@meadow-goods.example',
        GIT_COMMITTER_NAME: 'Ines',
        GIT_COMMITTER_EMAIL: 'ines@meadow-goods.example',
      },
    },
  ).trim()
  git('update-ref', 'refs/heads/blame-work', work)
  git('update-ref', 'refs/heads/blame-squash', squash)
  git('update-ref', 'refs/heads/blame-merge', joined)
  const forward = write(recent, text('one', 'two', 'three', 'quatre'), '2026-10-24T00:00:00Z')
  git('update-ref', 'refs/heads/blame-forward', forward)
  await insertPullRequest({ source: recent, merge: recent, at: '2026-10-21T00:00:00Z' })
  const forwarded = await insertPullRequest({ source: forward, merge: forward, at: '2026-10-25T00:00:00Z' })
  const ids = [
    await insertPullRequest({ source: work, merge: squash }),
    // The branch was never seen.
    await insertPullRequest({ source: 'd'.repeat(40), merge: squash }),
    await insertPullRequest({ source: work, merge: joined }),
  ]
  await read()
  const origins = async (id: string) => {
    const rows = await world.db
      .selectFrom('pull_request_origin')
      .selectAll()
      .where('pull_request_id', '=', id)
      .execute()
    return Object.fromEntries(rows.map(({ sha, lines }) => [sha, lines]))
  }
  const breakdown = (id: string) =>
    world.db
      .selectFrom('pull_request_breakdown')
      .selectAll()
      .where('pull_request_id', '=', id)
      .executeTakeFirstOrThrow()
  for (const id of ids) {
    // “one” and “four” were replaced, “five” is new.
    expect(await origins(id)).toEqual({ [old]: 1, [recent]: 1 })
    expect(await breakdown(id)).toMatchObject({ new_lines: 1, left_out: null })
  }
  expect((await breakdown(ids[0] ?? '')).changed_at).toEqual(new Date('2026-11-01T00:00:00Z'))
  expect((await breakdown(ids[1] ?? '')).changed_at).toEqual(new Date('2026-11-02T00:00:00Z'))
  expect(await origins(forwarded)).toEqual({ [recent]: 1 })
  expect(await breakdown(forwarded)).toMatchObject({ new_lines: 0, left_out: null })
  // Nothing is asked twice: what is there stays, also where it is not what blame would say.
  await world.db
    .updateTable('pull_request_breakdown')
    .set({ new_lines: 99 })
    .where('pull_request_id', '=', ids[0] ?? '')
    .execute()
  await read()
  expect((await breakdown(ids[0] ?? '')).new_lines).toBe(99)
})

test('a pull request with 2,000 commits has 2,000', async () => {
  const main = git('rev-parse', 'main')
  const entries = Array.from({ length: 2000 }, (_, at) => [
    'commit refs/heads/long',
    `committer Ines <ines@meadow-goods.example> ${1_790_000_000 + at * 60} +0000`,
    'data 1',
    'x',
    ...(at === 0 ? [`from ${main}`] : []),
    '',
  ]).flat()
  execFileSync('git', ['-C', remote().directory, 'fast-import', '--quiet'], { input: `${entries.join('\n')}\n` })
  const id = await insertPullRequest({ state: 'open', source: git('rev-parse', 'long') })
  expect(await read()).toMatchObject({ commits: 2000, pullRequests: 1 })
  expect(await pullRequest(id)).toMatchObject({ commit_count: 2000, first_commit_at: new Date(1_790_000_000_000) })
  expect(await commitsOf(id)).toHaveLength(2000)
})

test('an author without an address, and commits that nobody has, stop nothing', async () => {
  const main = git('rev-parse', 'main')
  const write = (author: string) => {
    const body = [
      `tree ${git('rev-parse', 'main^{tree}')}`,
      `parent ${main}`,
      author,
      author.replace('author', 'committer'),
    ]
    const args = ['-C', remote().directory, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally']
    return execFileSync('git', args, { encoding: 'utf8', input: `${body.join('\n')}\n\nx\n` }).trim()
  }
  const nameless = [write('author Ines <> 1790000000 +0000'), write('author Ines 1790000100 +0000')]
  for (const [at, sha] of nameless.entries()) git('update-ref', `refs/heads/nameless-${at}`, sha)
  const missing = await insertPullRequest({ source: 'd'.repeat(40), merge: 'c'.repeat(40) })
  const found = await insertPullRequest({ state: 'open', source: nameless[0] ?? '' })
  expect(await read()).toMatchObject({ kind: 'read', commits: 2 })
  expect(await pullRequest(found)).toMatchObject({ commit_count: 1, commit_flags: [] })
  expect((await pullRequest(missing)).commit_flags).toEqual(['source_unknown', 'merge_unknown'])
  const rows = await world.db.selectFrom('commit').select('author_id').where('sha', 'in', nameless).execute()
  expect(rows).toHaveLength(2)
  expect(await feed()).toMatchObject({ state: 'fresh', error: null })
})

test('tags are written down where they were ever seen, each with its date; those of no commit are left out', async () => {
  const light = makeCommit(git('rev-parse', 'main'), { at: '2026-11-06T08:00:00Z' })
  const tagger = { GIT_COMMITTER_NAME: 'Ines', GIT_COMMITTER_EMAIL: 'i@x.example', PATH: '/usr/bin:/bin' }
  const annotate = (name: string, at: string, ...more: string[]) =>
    execFileSync('git', ['-C', remote().directory, 'tag', '-a', '-m', 'x\ny', ...more, name, light], {
      env: { ...tagger, GIT_COMMITTER_DATE: at },
    })
  annotate('v1.0', '2026-11-07T09:30:00+02:00')
  git('update-ref', 'refs/tags/live', git('rev-parse', 'main'))
  git('update-ref', 'refs/tags/a-folder', git('rev-parse', 'main^{tree}'))
  const tags = async () =>
    world.db
      .selectFrom('git_tag')
      .select(['name', 'commit_sha', 'tagged_at', 'is_annotated'])
      .orderBy('name')
      .orderBy('tagged_at')
      .execute()
  const dateOf = (commit: string) => new Date(Number(git('show', '-s', '--format=%ct', commit)) * 1000)
  await read()
  const main = git('rev-parse', 'main')
  const first = await tags()
  expect(first.filter(({ name }) => ['v1.0', 'live', 'a-folder'].includes(name))).toEqual([
    { name: 'live', commit_sha: main, tagged_at: dateOf(main), is_annotated: false },
    { name: 'v1.0', commit_sha: light, tagged_at: new Date('2026-11-07T07:30:00Z'), is_annotated: true },
  ])
  await read()
  expect(await tags()).toEqual(first)
  git('update-ref', 'refs/tags/live', light)
  annotate('v1.0', '2026-11-08T09:30:00Z', '--force')
  await read()
  const live = (await tags()).filter(({ name }) => name === 'live').map(({ commit_sha }) => commit_sha)
  expect(live.toSorted()).toEqual([main, light].toSorted())
  expect((await tags()).filter(({ name }) => name === 'v1.0').map(({ tagged_at }) => tagged_at.toISOString())).toEqual([
    '2026-11-08T09:30:00.000Z',
  ])
})

test('a tag with a name without end stops none of the others', async () => {
  const endless = Array.from({ length: 14 }, () => randomBytes(110).toString('hex')).join('/')
  git('update-ref', `refs/tags/${endless}`, git('rev-parse', 'main'))
  git('update-ref', 'refs/tags/beside', git('rev-parse', 'main'))
  try {
    expect(await read()).toMatchObject({ kind: 'read' })
    const found = await world.db.selectFrom('git_tag').select('name').execute()
    const names = found.map(({ name }) => name)
    expect(names).toContain('beside')
    expect(names).not.toContain(endless)
  } finally {
    git('update-ref', '-d', `refs/tags/${endless}`)
  }
})

test('a copy that is damaged is made anew', async () => {
  const place = mirrorFolder(folder, { ...key(), repositoryId: world.ids.repositoryId })
  await writeFile(join(place.mirror, 'packed-refs'), 'rubbish')
  expect(await read()).toEqual({ kind: 'failed' })
  expect(await feed()).toMatchObject({ state: 'failed', attempts: 1, error: expect.stringContaining('made anew') })
  expect(await read()).toMatchObject({ kind: 'read', commits: 0 })
  expect(await feed()).toMatchObject({ state: 'fresh', attempts: 0, error: null })
})

test('a refusal is on the feed, with the scope that is missing; the next look comes later', async () => {
  world.simulator.planFault({ method: 'GET', path: '*/info/refs', action: { kind: 'answer', status: 403 }, times: 5 })
  const outcome = await read()
  world.simulator.clearFaults()
  expect(outcome).toEqual({ kind: 'failed' })
  expect(await feed()).toMatchObject({ state: 'forbidden', missing_scope: 'read:repository:bitbucket' })
  const now = world.deps.clock()
  expect(await listDueCommitFeeds(deps.db, { now, limit: 10 })).toEqual([])
  await world.db.updateTable('connection').set({ credential_version: 9 }).execute()
  expect(await listDueCommitFeeds(deps.db, { now, limit: 10 })).toEqual([key()])
})

test('the copy of a disconnected connection is deleted, what was read stays', async () => {
  await read()
  const place = mirrorFolder(folder, { ...key(), repositoryId: world.ids.repositoryId })
  await removeMirrors(deps)
  expect(existsSync(place.mirror)).toBe(true)
  await world.db.updateTable('connection').set({ state: 'disconnected' }).execute()
  await removeMirrors(deps)
  expect(existsSync(place.mirror)).toBe(false)
  expect(await world.db.selectFrom('git_mirror').select('size_bytes').executeTakeFirstOrThrow()).toEqual({
    size_bytes: 0,
  })
  expect((await world.db.selectFrom('commit').select('sha').execute()).length).toBeGreaterThan(2000)
  expect(await listDueCommitFeeds(deps.db, { now: new Date('2030-01-01'), limit: 10 })).toEqual([])
})
