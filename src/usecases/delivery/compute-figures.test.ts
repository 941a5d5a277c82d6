import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../test/delivery-facts.ts'
import { figuresVersion } from '../../domain/delivery/compute-figures.ts'
import { newId } from '../../lib/ids.ts'
import { type OpenDatabase, openDatabase } from '../../store/db.ts'
import { computeChangedFigures } from './compute-figures.ts'

let open: OpenDatabase
const organizationId = newId()
const [repositoryId, ada, ben, cleo] = [newId(), newId(), newId(), newId()]
const clock = () => new Date('2026-05-01T00:00:00Z')
const compute = async () => computeChangedFigures({ db: open.db, clock })
let number = 0

beforeAll(async () => {
  open = await createTestDatabase()
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'storefront-api' }],
    people: [
      { id: ada, name: 'Ada Quill' },
      { id: ben, name: 'Ben Oar' },
      { id: cleo, name: 'Cleo Weft' },
    ],
  })
})
afterAll(async () => open.close())

/** Opened by Ada at eight, commented on by Ben at ten, approved by Cleo at eleven, merged at noon. */
async function insertOne(more: Partial<StatedPullRequest> = {}): Promise<string> {
  const id = newId()
  number += 1
  const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`
  const events = [
    { kind: 'comment', at: at(10), by: ben },
    { kind: 'approval', at: at(11), by: cleo },
    { kind: 'merged', at: at(12), by: ada },
  ] as const
  const one = { id, repositoryId, number, authorId: ada, openedAt: at(8), state: 'merged' as const, events, ...more }
  await insertPullRequests(open.db, organizationId, [one])
  return id
}
async function figuresOf(id: string) {
  return open.db
    .selectFrom('pull_request_figures')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .executeTakeFirstOrThrow()
}
async function reviewersOf(id: string): Promise<string[]> {
  const rows = await open.db
    .selectFrom('pull_request_review')
    .select('reviewer_id')
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .orderBy('first_at')
    .execute()
  return rows.map(({ reviewer_id }) => reviewer_id)
}
const inContributor = (id: string, set: { is_bot?: boolean; merged_into?: string | null }) =>
  open.db
    .updateTable('contributor')
    .set(set)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()

test('a pull request that was read is worked out once, and again only when a fact of it changed', async () => {
  const id = await insertOne()
  const other = await insertOne()
  expect(await compute()).toBe(2)
  expect(await figuresOf(id)).toMatchObject({ pickup_s: 7200, review_s: 3600, merge_wait_s: 3600, cycle_s: 14_400 })
  expect(await reviewersOf(id)).toEqual([ben, cleo])
  expect(await compute()).toBe(0)

  const before = await figuresOf(other)
  await open.db
    .updateTable('pull_request_event')
    .set({ is_deleted: true })
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .where('kind', '=', 'comment')
    .execute()
  expect(await compute()).toBe(1)
  expect(await figuresOf(id)).toMatchObject({ pickup_s: 10_800, review_s: 0 })
  expect(await reviewersOf(id)).toEqual([cleo])
  expect(await figuresOf(other)).toEqual(before)
})

test('a reading that tells nothing new marks nothing', async () => {
  const id = await insertOne()
  await compute()
  const set = { title: 'Another title', state: 'merged' as const, updated_at: new Date() }
  const pullRequest = () =>
    open.db.updateTable('pull_request').where('organization_id', '=', organizationId).where('id', '=', id)
  await pullRequest().set(set).execute()
  expect(await compute()).toBe(0)
  await pullRequest().set({ excluded_reason: 'A rehearsal' }).execute()
  expect(await compute()).toBe(1)
  expect(await figuresOf(id)).toMatchObject({ left_out: 'A rehearsal', cycle_s: 14_400 })
})

test('a fact whose transaction is undone marks nothing', async () => {
  await compute()
  const undone = open.db.transaction().execute(async (tx) => {
    await tx.updateTable('pull_request').set({ is_draft: true }).where('organization_id', '=', organizationId).execute()
    throw new Error('The page could not be written.')
  })
  await expect(undone).rejects.toThrow('could not be written')
  expect(await compute()).toBe(0)
})

test('who turns out to be a program, or the author under another name, gave no review', async () => {
  const id = await insertOne()
  await compute()
  await inContributor(ben, { is_bot: true })
  expect(await compute()).toBeGreaterThan(0)
  expect(await reviewersOf(id)).toEqual([cleo])
  await inContributor(cleo, { merged_into: ada })
  await compute()
  expect([await reviewersOf(id), (await figuresOf(id)).pickup_s]).toEqual([[], null])
  await inContributor(cleo, { merged_into: null })
  await inContributor(ben, { is_bot: false })
  await compute()
  expect(await reviewersOf(id)).toEqual([ben, cleo])
})

test('the commits of a pull request tell its first one, and an old one among them is flagged', async () => {
  const id = await insertOne()
  const commits = ['2025-12-01T08:00:00Z', '2026-03-01T20:00:00Z', '2026-03-02T07:00:00Z'].map(
    (authored_at, index) => ({
      organization_id: organizationId,
      repository_id: repositoryId,
      sha: `${index}`.repeat(40),
      authored_at,
      committed_at: authored_at,
    }),
  )
  await open.db.insertInto('commit').values(commits).execute()
  await compute()
  const own = commits.map(({ organization_id, repository_id, sha }) => ({
    organization_id,
    repository_id,
    sha,
    pull_request_id: id,
  }))
  await open.db.insertInto('pull_request_commit').values(own.slice(1)).execute()
  await compute()
  expect(await figuresOf(id)).toMatchObject({ coding_s: 12 * 3600, flags: ['draft_unknown'] })
  await open.db.insertInto('pull_request_commit').values(own.slice(0, 1)).execute()
  await compute()
  expect(await figuresOf(id)).toMatchObject({ first_commit_at: new Date('2025-12-01T08:00:00Z') })
  expect((await figuresOf(id)).flags).toContain('stale_commit')
})

test('figures of older rules are worked out anew', async () => {
  const id = await insertOne()
  await compute()
  await open.db
    .updateTable('pull_request_figures')
    .set({ version: figuresVersion - 1, cycle_s: 1 })
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .execute()
  expect(await compute()).toBe(1)
  expect(await figuresOf(id)).toMatchObject({ version: figuresVersion, cycle_s: 14_400 })
})

test('a thousand changed pull requests take a few statements, not some for each', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => ({
    id: newId(),
    repositoryId,
    number: 10_000 + index,
    authorId: ada,
    openedAt: '2026-03-03T08:00:00Z',
    events: [{ kind: 'approval' as const, at: '2026-03-03T09:00:00Z', by: ben }],
  }))
  await insertPullRequests(open.db, organizationId, many)
  const statements: string[] = []
  const counted = await openDatabase({ url: open.url }, { onStatement: (text) => statements.push(text) })
  expect(await computeChangedFigures({ db: counted.db, clock })).toBe(1200)
  await counted.close()
  const done = statements.filter((text) => !/^(begin|commit)/i.test(text))
  expect(done.length).toBeLessThan(35)
  const found = await sql<{ n: number }>`
    select count(*) as n from pull_request_figures
    where organization_id = ${organizationId}::uuid and pickup_s = 3600 and opened_at = '2026-03-03T08:00:00Z'`.execute(
    open.db,
  )
  expect(found.rows[0]?.n).toBe(1200)
})

test('of pull requests that one commit merged the lowest number counts, whichever was found first, and the next once that one is excluded', async () => {
  const [first, second, third] = [await insertOne(), await insertOne(), await insertOne()]
  await compute()
  const pullRequest = (id: string) =>
    open.db.updateTable('pull_request').where('organization_id', '=', organizationId).where('id', '=', id)
  const batches = async () =>
    (await Promise.all([first, second, third].map(figuresOf))).map(({ is_batch_merge }) => is_batch_merge)
  const merge_sha = 'b'.repeat(40)
  await pullRequest(third).set({ merge_sha }).execute()
  await pullRequest(second).set({ merge_sha }).execute()
  await compute()
  expect(await batches()).toEqual([false, false, true])
  await pullRequest(first).set({ merge_sha }).execute()
  await compute()
  expect(await batches()).toEqual([false, true, true])
  await pullRequest(first).set({ excluded_reason: 'A rehearsal' }).execute()
  await compute()
  expect(await batches()).toEqual([false, false, true])
  await pullRequest(second).set({ merge_sha: null }).execute()
  await compute()
  expect(await batches()).toEqual([false, false, false])
})
