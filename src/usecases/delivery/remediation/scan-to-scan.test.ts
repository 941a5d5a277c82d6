import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { twentyLines } from '../../../../test/git-work.ts'
import { createReadingWorld, type ReadingWorld } from '../../../../test/reading-world.ts'
import { createHttpClient } from '../../../lib/http-client.ts'
import { ensureCommitFeeds } from '../../../store/delivery/commit-feeds.ts'
import { openGitAccess } from '../../remotes/open-connection.ts'
import { createRequestBudgets } from '../../remotes/request-budgets.ts'
import { bodyOf, type FakeResult, sarifOf } from '../../security/imports/import.fixture.ts'
import { importReport } from '../../security/imports/import-report.ts'
import { readCommits } from '../commits/read-commits.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { followChangedVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'
import { lookUpPlaces } from './look-up-places.ts'

// Two reports, and between them pull requests that the simulated Bitbucket merges: everything but the queue is real.
let world: ReadingWorld
const folder = mkdtempSync(join(tmpdir(), 'weir-scans-'))
const http = createHttpClient()
beforeAll(async () => {
  world = await createReadingWorld()
})
afterAll(async () => {
  await world.close()
  await http.close()
  rmSync(folder, { recursive: true, force: true })
})

const who = { GIT_AUTHOR_NAME: 'Ines', GIT_AUTHOR_EMAIL: 'i@x.example', GIT_COMMITTER_NAME: 'Ines' }
function git(input: string, ...args: string[]): string {
  const directory = world.simulator.sim.repositories.find(({ slug }) => slug === 'storefront-api')?.directory ?? ''
  const index = { GIT_INDEX_FILE: join(folder, 'index'), GIT_COMMITTER_EMAIL: 'i@x.example' }
  const env = { PATH: '/usr/bin:/bin', ...who, ...index }
  return execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', env, input }).trim()
}
/** A commit on a branch, begun where main stands, in which a file is this. */
function push(branch: string, path: string, content: string): string {
  git('', 'read-tree', 'main')
  git(`100644 ${git(content, 'hash-object', '-w', '--stdin')}\t${path}\n`, 'update-index', '--index-info')
  const made = git('', 'commit-tree', git('', 'write-tree'), '-p', 'main', '-m', 'change')
  git('', 'update-ref', `refs/heads/${branch}`, made)
  return made
}
async function merge(branch: string, merge_strategy: string): Promise<number> {
  const body = {
    title: `Change ${branch}`,
    source: { branch: { name: branch } },
    destination: { branch: { name: 'main' } },
  }
  const { id } = await world.dana.call('POST', '/pullrequests', body)
  await world.dana.call('POST', `/pullrequests/${id}/merge`, { merge_strategy })
  return id
}

/** What is in every report, so that none closes most of what is open. */
const rest: FakeResult[] = Array.from({ length: 6 }, (_, at) => ({ rule: `rest-${at}`, file: `src/rest-${at}.js` }))
async function scan(results: readonly FakeResult[]): Promise<string> {
  const commit = git('', 'rev-parse', 'main')
  const { db, clock, newId, enqueue, secretBox } = world.deps
  const deps = { db, clock, newId, enqueue, secretBox, tempFolder: folder, keepFileDays: 30 }
  const done = await importReport(
    { ...deps, limits: { maxReportBytes: 1e6, maxResults: 1000 } },
    {
      organizationId: world.ids.organizationId,
      actor: world.champion,
      asset: 'storefront-api',
      branch: 'main',
      commit,
      fileName: 'report.sarif',
      source: 'api',
      body: bodyOf(sarifOf([...rest, ...results])),
    },
  )
  expect(done.state).toBe('applied')
  return commit
}

async function readAll(): Promise<void> {
  const { db, clock, log, newId } = world.deps
  await world.simulator.flush()
  await world.settle()
  world.later(25 * 3600_000)
  await world.read()
  await ensureCommitFeeds(db, { newId, now: clock(), limit: 10 })
  const { id: feedId } = await db
    .selectFrom('feed')
    .select('id')
    .where('kind', '=', 'commits')
    .executeTakeFirstOrThrow()
  const remote = { ...world.deps, http, budgets: createRequestBudgets({ db, clock }) }
  const access = {
    folder,
    limits: { maxBytes: 1e9, keepFreeBytes: 0 },
    allowedPrivateAddresses: [new URL(world.simulator.web).host],
    open: async (key: Parameters<typeof openGitAccess>[1]) => openGitAccess(remote, key),
  }
  const read = await readCommits(
    { db, clock, newId, log, git: access },
    { organizationId: world.ids.organizationId, feedId },
  )
  expect(read.kind).toBe('read')
  for (let round = 0; round < 3; round += 1) {
    await computeChangedFigures(world.deps)
    await followChangedVulnerabilities(world.deps)
    await lookUpPlaces({ ...world.deps, git: { folder } })
  }
}

test.each(['merge_commit', 'squash', 'fast_forward'])(
  'the pull request that took the line, by %s, remedies what the next scan no longer finds, and no other one does',
  async (strategy) => {
    const path = `src/${strategy}.js`
    git('', 'update-ref', 'refs/heads/main', push('begin', path, twentyLines()))
    const seen = await scan([{ rule: strategy, file: path, line: 15, snippet: 'const line15 = 15' }])
    push(`above-${strategy}`, path, twentyLines({ 2: 'a\nb' }))
    await merge(`above-${strategy}`, strategy)
    push(`fix-${strategy}`, path, twentyLines({ 2: 'a\nb', 15: null }))
    const fix = await merge(`fix-${strategy}`, strategy)
    push(`other-${strategy}`, 'src/other.js', strategy)
    await merge(`other-${strategy}`, strategy)
    const gone = await scan([])
    await readAll()
    const { id } = await world.db
      .selectFrom('vulnerability')
      .select('id')
      .where('rule_id', '=', strategy)
      .where('status', '=', 'fixed')
      .executeTakeFirstOrThrow()
    const flow = await getVulnerabilityFlow(world.deps, { organizationId: world.ids.organizationId, id })
    expect(flow.links).toMatchObject([{ number: fix, rules: ['place'], certainty: 'shown', is_last: true }])
    expect(flow.places).toMatchObject([
      {
        path,
        line: 15,
        state: 'removed',
        seen_in: seen,
        gone_in: gone,
        removed: { path, line: 16, pull_request: `meadow-goods/storefront-api#${fix}` },
      },
    ])
  },
)

test('to look the places up took no request', () => {
  expect(world.simulator.requests.filter(({ path }) => path.includes('/diff'))).toEqual([])
})
