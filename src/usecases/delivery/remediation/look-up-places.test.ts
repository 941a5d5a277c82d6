import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../../test/delivery-facts.ts'
import { createGitWork, type GitWork, twentyLines } from '../../../../test/git-work.ts'
import { insertVulnerability } from '../../../../test/remediation-facts.ts'
import { lockMirror } from '../../../git/mirror-folder.ts'
import { AppError } from '../../../lib/app-error.ts'
import { newId } from '../../../lib/ids.ts'
import { createLog } from '../../../lib/log.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { wakePlaces } from '../../../store/delivery/remediation/removed-places.ts'
import type { SyncDeps } from '../../sync/sync-deps.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { followChangedVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'
import { lookUpPlaces } from './look-up-places.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-places-'))
let open: OpenDatabase
let organizationId: string
let repositoryId: string
let ada: string
let work: GitWork
let now: Date
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
  rmSync(root, { recursive: true })
})

const at = (day: number): string => new Date(Date.UTC(2026, 2, day, 12)).toISOString()
const path = 'src/a.js'
const place = { path, line: 15 }
const log = createLog({ level: 'silent' })
const connect: SyncDeps['connect'] = async () => {
  throw new AppError('remote_unavailable', 'There is no remote in this test.')
}
const deps = () => ({ db: open.db, clock: () => now, log, git: { folder: root }, connect })

beforeEach(async () => {
  now = new Date(at(28))
  ;[organizationId, repositoryId, ada] = [newId(), newId(), newId()]
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'storefront-api' }],
    people: [{ id: ada, name: 'Ada Quill' }],
  })
  work = await createGitWork(root, { organizationId, repositoryId })
})

async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await computeChangedFigures(deps())
    await followChangedVulnerabilities(deps())
    await lookUpPlaces(deps())
  }
}

type Merged = { number: number; day: number; mergeSha: string; into?: string }
async function merged({ number, day, mergeSha, into = 'main' }: Merged): Promise<string> {
  const id = newId()
  await insertPullRequests(open.db, organizationId, [
    {
      id,
      repositoryId,
      number,
      authorId: ada,
      openedAt: at(day - 1),
      state: 'merged',
      destinationBranch: into,
      events: [{ kind: 'merged', at: at(day), by: ada }],
    },
  ])
  await open.db
    .updateTable('pull_request')
    .set({ merge_sha: mergeSha })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()
  return id
}
const fixed = (scanned: string, goneIn: string, more: Partial<Parameters<typeof insertVulnerability>[1]> = {}) =>
  insertVulnerability(open.db, {
    organizationId,
    repositoryId,
    number: 1,
    openedAt: at(5),
    fixedAt: at(20),
    lastSeenAt: at(9),
    scanned,
    goneIn,
    place,
    ...more,
  })
const flow = (id: string) => getVulnerabilityFlow(deps(), { organizationId, id })
const linksOf = async (id: string) => (await flow(id)).links.map(({ number, rules }) => ({ number, rules }))

async function insertCommit(sha: string, message: string, more: { authored?: string; committed?: string } = {}) {
  const row = {
    organization_id: organizationId,
    repository_id: repositoryId,
    sha,
    message,
    author_email: 'a@x.example',
  }
  const { authored = at(10), committed = at(12) } = more
  await open.db
    .insertInto('commit')
    .values({ ...row, authored_at: authored, committed_at: committed })
    .execute()
}
const brings = (pullRequest: string, sha: string) =>
  open.db
    .insertInto('pull_request_commit')
    .values({ organization_id: organizationId, pull_request_id: pullRequest, repository_id: repositoryId, sha })
    .execute()

describe('the place of a fixed vulnerability', () => {
  it('links the one of several merges between two scans that took its line', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    await merged({ number: 11, day: 10, mergeSha: await work.merge({ [path]: twentyLines({ 2: 'a\nb' }) }) })
    const removal = await work.merge({ [path]: twentyLines({ 2: 'a\nb', 15: null }) })
    await merged({ number: 12, day: 11, mergeSha: removal })
    const gone = await work.merge({ 'other.js': 'x\n' })
    await merged({ number: 13, day: 12, mergeSha: gone })
    work.mirror()
    const id = await fixed(seen, gone)
    await settle()
    const told = await flow(id)
    expect(told.links).toMatchObject([{ number: 12, rules: ['place'], certainty: 'shown', is_last: true }])
    expect(told.places).toEqual([
      {
        ...place,
        state: 'removed',
        reason: null,
        seen_in: seen,
        gone_in: gone,
        removed: { commit: removal, path, line: 16, pull_request: 'meadow-goods/storefront-api#12' },
      },
    ])
  })

  it('is that of the first that changed the line as it was scanned, whoever worked on it later', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    await merged({ number: 11, day: 10, mergeSha: await work.merge({ [path]: twentyLines({ 15: 'safe(15)' }) }) })
    const gone = await work.merge({ [path]: twentyLines({ 15: null }) })
    await merged({ number: 12, day: 11, mergeSha: gone })
    work.mirror()
    const id = await fixed(seen, gone)
    await settle()
    expect(await linksOf(id)).toEqual([{ number: 11, rules: ['place'] }])
  })

  it('takes away what only the order of merges said: a commit without a pull request did it, or nobody', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    await insertCommit(seen, 'seen', { committed: at(9) })
    const only = await work.merge({ 'other.js': 'x\n' })
    await insertCommit(only, 'merge', { committed: at(11) })
    await merged({ number: 11, day: 11, mergeSha: only })
    const pushed = await work.commit({ [path]: twentyLines({ 15: null }) })
    await insertCommit(pushed, 'pushed', { committed: at(12) })
    const id = await fixed(seen, pushed)
    const kept = await fixed(seen, pushed, { number: 2, place: { path, line: 3 } })
    await computeChangedFigures(deps())
    await followChangedVulnerabilities(deps())
    expect(await linksOf(id)).toEqual([{ number: 11, rules: ['scan'] }])
    expect((await flow(id)).links[0]?.certainty).toBe('likely')
    work.mirror()
    await settle()
    expect([await linksOf(id), await linksOf(kept)]).toEqual([[], []])
    expect((await flow(id)).places[0]?.removed).toEqual({ commit: pushed, path, line: 15, pull_request: null })
    expect((await flow(kept)).places[0]?.state).toBe('kept')
  })

  it('stays with the order of merges where it cannot be looked up, and says why; a copy that comes later is asked', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    await insertCommit(seen, 'seen', { committed: at(9) })
    const gone = await work.merge({ [path]: twentyLines({ 15: null }) })
    await insertCommit(gone, 'merge', { committed: at(11) })
    await merged({ number: 11, day: 11, mergeSha: gone })
    const id = await fixed(seen, gone)
    await settle()
    expect(await linksOf(id)).toEqual([{ number: 11, rules: ['scan'] }])
    expect((await flow(id)).places).toMatchObject([{ state: 'wanted', reason: 'no_mirror', removed: null }])
    for (let look = 0; look < 9; look += 1) {
      now = new Date(now.getTime() + 7 * 3600_000)
      await settle()
    }
    expect((await flow(id)).places).toMatchObject([{ state: 'unknown', reason: 'no_mirror' }])
    work.mirror()
    await wakePlaces(open.db, { organizationId, repositoryId, now })
    await settle()
    expect(await linksOf(id)).toEqual([{ number: 11, rules: ['place'] }])
  })

  it('is not looked up while somebody else works on the copy', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    const gone = await work.merge({ [path]: twentyLines({ 15: null }) })
    work.mirror()
    await fixed(seen, gone)
    await followChangedVulnerabilities(deps())
    const lock = await lockMirror(work.folder)
    expect(await lookUpPlaces(deps())).toBe(0)
    lock?.release()
    expect(await lookUpPlaces(deps())).toBe(0)
    now = new Date(now.getTime() + 60_000)
    expect(await lookUpPlaces(deps())).toBe(1)
    expect(await lookUpPlaces(deps())).toBe(0)
  })

  it.each([
    ['one of its commits, of a branch that just moved on', false],
    ['a rebased copy of one of its commits', true],
  ])('is found by %s', async (_words, isRebased) => {
    const seen = await work.commit({ [path]: twentyLines() })
    const removal = await work.commit({ [path]: twentyLines({ 15: null }) })
    const tip = await work.commit({ 'other.js': 'x\n' })
    work.mirror()
    const pullRequest = await merged({ number: 11, day: 12, mergeSha: tip })
    await insertCommit(removal, 'Bind', {})
    const own = isRebased ? 'f'.repeat(40) : removal
    if (isRebased) await insertCommit(own, 'Bind', { committed: at(10) })
    await brings(pullRequest, own)
    const id = await fixed(seen, tip)
    await settle()
    expect(await linksOf(id)).toEqual([{ number: 11, rules: ['place'] }])
  })

  it('belongs to the branch that was scanned, and to what a scan found fixed', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    const gone = await work.merge({ [path]: twentyLines({ 15: null }) })
    work.mirror()
    await merged({ number: 11, day: 11, mergeSha: gone, into: 'release' })
    const id = await fixed(seen, gone)
    const stillOpen = await insertVulnerability(open.db, {
      organizationId,
      repositoryId,
      number: 2,
      openedAt: at(5),
      scanned: seen,
      place,
    })
    const byHand = await insertVulnerability(open.db, {
      organizationId,
      repositoryId,
      number: 3,
      openedAt: at(5),
      fixedAt: at(20),
      scanned: seen,
      place,
    })
    await settle()
    expect(await linksOf(id)).toEqual([])
    expect((await flow(id)).places[0]?.removed?.commit).toBe(gone)
    expect([(await flow(stillOpen)).places, (await flow(byHand)).places]).toEqual([[], []])
  })

  it('is forgotten when the vulnerability is found again', async () => {
    const seen = await work.commit({ [path]: twentyLines() })
    const gone = await work.merge({ [path]: twentyLines({ 15: null }) })
    work.mirror()
    await merged({ number: 11, day: 11, mergeSha: gone })
    const id = await fixed(seen, gone)
    await settle()
    expect(await linksOf(id)).toHaveLength(1)
    await open.db
      .updateTable('vulnerability')
      .set({ status: 'identified', fixed_at: null })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
    await settle()
    expect(await linksOf(id)).toEqual([])
    expect((await flow(id)).places).toEqual([])
  })
})
