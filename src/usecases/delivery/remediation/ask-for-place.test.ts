import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { twentyLines } from '../../../../test/git-work.ts'
import { insertVulnerability } from '../../../../test/remediation-facts.ts'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { ensureFeeds } from '../reading/ensure-feeds.ts'
import { followChangedVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'
import { lookUpPlaces } from './look-up-places.ts'

// No copy of the repository is here: the simulated Bitbucket is asked for its own comparisons.
let world: SyncWorld
const noMirrors = mkdtempSync(join(tmpdir(), 'weir-no-mirrors-'))
beforeAll(async () => {
  world = await createSyncWorld()
  await ensureFeeds(world.deps, { organizationId: world.ids.organizationId, connectionId: world.ids.connectionId })
})
afterAll(async () => {
  await world.close()
  rmSync(noMirrors, { recursive: true })
})

const path = 'src/place.js'
let number = 500
let head = ''
let merges: string[] = []
beforeEach(async () => {
  merges = []
  head = commitFile(git('rev-parse', 'main'), twentyLines({ 1: `// ${number}` }))
  await world.db.deleteFrom('remediation_link').execute()
  await world.db.deleteFrom('removed_place').execute()
  await world.db.deleteFrom('vulnerability_figures').execute()
  await world.db.updateTable('pull_request').set({ state: 'declined' }).execute()
})

const remote = () => {
  const found = world.simulator.sim.repositories.find(({ slug }) => slug === 'storefront-api')
  if (found === undefined) throw new Error('There is no storefront-api.')
  return found
}
const who = {
  GIT_AUTHOR_NAME: 'Ines',
  GIT_AUTHOR_EMAIL: 'i@x.example',
  GIT_COMMITTER_NAME: 'Ines',
  GIT_COMMITTER_EMAIL: 'i@x.example',
}
function git(...args: string[]): string {
  return gitWith('', ...args)
}
function gitWith(input: string, ...args: string[]): string {
  const env = { PATH: '/usr/bin:/bin', ...who, GIT_INDEX_FILE: join(noMirrors, 'index') }
  return execFileSync('git', ['-C', remote().directory, ...args], { encoding: 'utf8', env, input }).trim()
}
/** A commit on a parent whose file is this, or is gone. */
function commitFile(parent: string, content: string | null): string {
  git('read-tree', parent)
  const blob = content === null ? '0'.repeat(40) : gitWith(content, 'hash-object', '-w', '--stdin')
  gitWith(`${content === null ? '0' : '100644'} ${blob}\t${path}\n`, 'update-index', '--index-info')
  const made = git('commit-tree', git('write-tree'), '-p', parent, '-m', 'x')
  git('update-ref', `refs/heads/place-${(number += 1)}`, made)
  return made
}

const at = (hour: number): Date => new Date(Date.UTC(2026, 2, 1, hour))

/** The next commit of the branch, brought by a pull request of its own. */
async function merge(content: string | null): Promise<number> {
  head = commitFile(head, content)
  merges.push(head)
  number += 1
  await world.db
    .insertInto('pull_request')
    .values({
      organization_id: world.ids.organizationId,
      id: world.deps.newId(),
      repository_id: world.ids.repositoryId,
      remote_id: number,
      title: 'A change',
      state: 'merged',
      destination_branch: 'main',
      merge_commit: head.slice(0, 12),
      opened_at: at(0),
      merged_at: at(2 + merges.length),
      remote_updated_at: at(9),
    })
    .execute()
  return number
}

async function fix(seen: string): Promise<string> {
  const { organizationId, repositoryId } = world.ids
  const id = await insertVulnerability(world.db, {
    organizationId,
    repositoryId,
    number: (number += 1) + 10_000,
    openedAt: at(1).toISOString(),
    lastSeenAt: at(2).toISOString(),
    fixedAt: at(20).toISOString(),
    scanned: seen,
    goneIn: head,
    place: { path, line: 15 },
  })
  await followChangedVulnerabilities(world.deps)
  return id
}

const deps = () => ({ ...world.deps, git: { folder: noMirrors } })
/** Looks until the remote is asked; answers how many comparisons that took. */
async function look(): Promise<number> {
  world.simulator.requests.splice(0)
  for (let round = 0; round < 4; round += 1) {
    expect(world.simulator.requests.filter((one) => one.path.includes('/diff/'))).toEqual([])
    await lookUpPlaces(deps())
    world.later(3600_000)
  }
  await followChangedVulnerabilities(world.deps)
  return world.simulator.requests.filter((one) => one.path.includes('/diff/')).length
}
const flowOf = (id: string) => getVulnerabilityFlow(world.deps, { organizationId: world.ids.organizationId, id })

describe('a place of a repository without a copy', () => {
  test('is asked for once a copy did not come, and links the merge that took it, by five requests of seven merges', async () => {
    const seen = head
    const spent = async () =>
      (
        await world.db
          .selectFrom('feed')
          .select('requests_spent')
          .where('kind', '=', 'pull_requests')
          .executeTakeFirstOrThrow()
      ).requests_spent
    const before = await spent()
    await merge(twentyLines({ 1: '// other', 2: 'a\nb' }))
    await merge(twentyLines({ 2: 'a\nb' }))
    const removing = await merge(twentyLines({ 2: 'a\nb', 15: null }))
    for (const word of ['c', 'd', 'e', 'f']) await merge(twentyLines({ 2: word, 15: null }))
    const id = await fix(seen)
    expect(await look()).toBe(5)
    expect(await spent()).toBe(before + 5)
    const { links, places } = await flowOf(id)
    expect(links).toMatchObject([{ number: removing, rules: ['place'], certainty: 'shown' }])
    expect(places).toMatchObject([
      { state: 'removed', removed: { path, line: 16, pull_request: `meadow-goods/storefront-api#${removing}` } },
    ])
    expect(await look()).toBe(0)
  })

  test('is of no pull request where a push between two merges took it', async () => {
    const seen = head
    await merge(twentyLines({ 2: 'a' }))
    head = commitFile(head, twentyLines({ 2: 'a', 15: null }))
    await merge(twentyLines({ 2: 'b', 15: null }))
    const id = await fix(seen)
    await look()
    expect(await flowOf(id)).toMatchObject({ links: [], places: [{ state: 'unknown', reason: 'no_pull_request' }] })
  })

  test.each([
    ['the line is still there', twentyLines({ 2: 'a' }), 'untouched', 1],
    ['its file is gone, or elsewhere', null, 'file_gone', 1],
  ])('is not known where %s', async (_words, content, reason, requests) => {
    const seen = head
    await merge(content)
    const id = await fix(seen)
    expect(await look()).toBe(requests)
    expect(await flowOf(id)).toMatchObject({ links: [], places: [{ state: 'unknown', reason }] })
  })

  test('is not asked for where nothing or too much was merged, and where the commit is not theirs it says so', async () => {
    const nothing = await fix(head)
    expect(await look()).toBe(0)
    expect((await flowOf(nothing)).places).toMatchObject([{ state: 'unknown', reason: 'no_pull_request' }])
    await merge(twentyLines({ 15: null }))
    const strange = await fix('d'.repeat(40))
    await look()
    expect((await flowOf(strange)).places).toMatchObject([{ reason: 'commit_unknown' }])
    for (let count = 0; count < 7; count += 1) await merge(twentyLines({ 2: `${count}`, 15: null }))
    const many = await fix(merges[0] ?? '')
    expect(await look()).toBe(0)
    expect((await flowOf(many)).places).toMatchObject([{ state: 'unknown', reason: 'too_far' }])
  })

  test('waits while the remote answers nobody', async () => {
    const seen = head
    const removing = await merge(twentyLines({ 15: null }))
    const id = await fix(seen)
    world.simulator.planFault({ method: 'GET', path: '*/diff/*', action: { kind: 'answer', status: 503 }, times: 50 })
    for (let round = 0; round < 4; round += 1) {
      await lookUpPlaces(deps())
      world.later(3600_000)
    }
    expect((await flowOf(id)).places).toMatchObject([{ state: 'wanted', reason: 'no_mirror' }])
    world.simulator.clearFaults()
    world.later(7 * 3600_000)
    await lookUpPlaces(deps())
    await followChangedVulnerabilities(world.deps)
    expect((await flowOf(id)).links).toMatchObject([{ number: removing, rules: ['place'] }])
  })
})
