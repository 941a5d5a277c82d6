import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../../test/delivery-facts.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from './compute-deployments.ts'

let open: OpenDatabase
let organizationId: string
let repositoryId: string
let reviewer: string
let merged: string
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const sha = (letter: string): string => letter.repeat(40)
const clock = () => new Date('2026-03-28T12:00:00Z')

/** One merged pull request that a deployment brought into production, worked out. */
beforeEach(async () => {
  const environment = newId()
  ;[organizationId, repositoryId, reviewer, merged] = [newId(), newId(), newId(), newId()]
  const author = newId()
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'storefront-api' }],
    people: [
      { id: author, name: 'Ada Quill' },
      { id: reviewer, name: 'Ben Oar' },
    ],
  })
  const place = { organization_id: organizationId, repository_id: repositoryId }
  await open.db
    .insertInto('environment')
    .values({ ...place, id: environment, remote_uuid: '{live}', name: 'Live', remote_kind: 'production' })
    .execute()
  const at = '2026-03-02T08:00:00Z'
  await open.db
    .insertInto('commit')
    .values({ ...place, sha: sha('a'), authored_at: at, committed_at: at, parents: [] })
    .execute()
  await open.db
    .insertInto('git_mirror')
    .values({ ...place, is_partial: false, size_bytes: 1, operations: 1, fetched_at: at, heads: [sha('a')] })
    .execute()
  await insertPullRequests(open.db, organizationId, [
    {
      id: merged,
      repositoryId,
      number: 1,
      authorId: author,
      openedAt: '2026-03-02T09:00:00Z',
      firstCommitAt: at,
      state: 'merged',
      events: [
        { kind: 'comment', at: '2026-03-02T09:30:00Z', by: reviewer },
        { kind: 'merged', at: '2026-03-02T10:00:00Z', by: author },
      ],
    },
  ])
  await change({ merge_sha: sha('a') })
  const deployment = { ...place, id: newId(), environment_id: environment, source: 'bitbucket' as const }
  await open.db
    .insertInto('deployment')
    .values({
      ...deployment,
      remote_key: '1',
      commit: sha('a'),
      state: 'successful',
      completed_at: '2026-03-03T10:00:00Z',
    })
    .execute()
  await settle()
})

type Change = {
  merge_sha?: string | null
  title?: string
  source_branch?: string
  excluded_reason?: string
  first_commit_at?: string
}

const change = (set: Change) =>
  open.db
    .updateTable('pull_request')
    .set(set)
    .where('organization_id', '=', organizationId)
    .where('id', '=', merged)
    .execute()

async function settle(): Promise<void> {
  await computeChangedFigures({ db: open.db, clock })
  while ((await computeChangedDeployments(open)) > 0);
}

/** Repositories of the organization to work out, once the figures are; not where only its size has to be looked up. */
async function marked(): Promise<string[]> {
  await computeChangedFigures({ db: open.db, clock })
  const rows = await open.db
    .selectFrom('repository_to_compute')
    .select('repository_id')
    .distinct()
    .where('organization_id', '=', organizationId)
    .where('restated', 'is', null)
    .execute()
  return rows.map(({ repository_id }) => repository_id)
}

test('a comment, a review or the size of a pull request marks no repository', async () => {
  const told = { organization_id: organizationId, pull_request_id: merged, at: '2026-03-02T09:40:00Z' }
  await open.db
    .insertInto('pull_request_event')
    .values([
      { ...told, kind: 'comment', remote_key: 'late', contributor_id: reviewer },
      { ...told, kind: 'approval', remote_key: 'late', contributor_id: reviewer },
    ])
    .execute()
  await open.db
    .updateTable('pull_request')
    .set({ lines_added: 12, lines_removed: 3 })
    .where('organization_id', '=', organizationId)
    .where('id', '=', merged)
    .execute()
  const before = await figuresComputedAt()
  expect(await marked()).toEqual([])
  expect(await figuresComputedAt()).not.toEqual(before)
})

async function figuresComputedAt() {
  const row = await open.db
    .selectFrom('pull_request_figures')
    .select(['review_count', 'changed_lines'])
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', merged)
    .executeTakeFirstOrThrow()
  return row
}

test.each<[string, Change]>([
  ['the full name of its merge', { merge_sha: null }],
  ['its title', { title: 'Revert "Change 1"' }],
  ['its branch', { source_branch: 'hotfix/till' }],
  ['that it is left out', { excluded_reason: 'A rehearsal' }],
  ['its first commit', { first_commit_at: '2026-03-01T08:00:00Z' }],
])('a merged pull request marks its repository when it changes: %s', async (_what, set) => {
  await change(set)
  expect(await marked()).toEqual([repositoryId])
})

test('commits that were written down mark the repository, a look that found none does not', async () => {
  const mirror = () =>
    open.db
      .updateTable('git_mirror')
      .where('organization_id', '=', organizationId)
      .where('repository_id', '=', repositoryId)
  await mirror()
    .set({ heads: [sha('a')], operations: 2 })
    .execute()
  expect(await marked()).toEqual([])
  await mirror()
    .set({ heads: [sha('b')] })
    .execute()
  expect(await marked()).toEqual([repositoryId])
})

test('a run of a pipeline marks the repository only where pipelines tell of deployments', async () => {
  const run = (number: number) =>
    open.db
      .insertInto('pipeline')
      .values({
        organization_id: organizationId,
        id: newId(),
        repository_id: repositoryId,
        remote_uuid: `{${number}}`,
        number,
        name: 'Deploy',
        state: 'completed',
        result: 'successful',
        started_at: '2026-03-04T10:00:00Z',
        completed_at: '2026-03-04T10:10:00Z',
      })
      .execute()
  await run(1)
  expect(await marked()).toEqual([])
  const source = { organization_id: organizationId, id: newId(), kind: 'pipeline' as const, pattern: 'Deploy' }
  await open.db
    .insertInto('deployment_source')
    .values({ ...source, valid_from: '2026-03-01T00:00:00Z' })
    .execute()
  await settle()
  await run(2)
  expect(await marked()).toEqual([repositoryId])
})

test('what the marks left alone is what working everything out again would say', async () => {
  await change({ title: 'Another title', source_branch: 'work/1' })
  await open.db
    .insertInto('pull_request_event')
    .values({
      organization_id: organizationId,
      pull_request_id: merged,
      kind: 'comment',
      remote_key: 'later',
      at: '2026-03-02T09:50:00Z',
      contributor_id: reviewer,
    })
    .execute()
  await settle()
  const figures = await listAll()
  await open.db
    .insertInto('repository_to_compute')
    .values({ organization_id: organizationId, repository_id: repositoryId })
    .execute()
  await settle()
  expect(await listAll()).toEqual(figures)
  expect(figures.changes).toHaveLength(1)
})

async function listAll() {
  const of = (table: 'deployment_figures' | 'deployment_change') =>
    open.db.selectFrom(table).selectAll().where('organization_id', '=', organizationId).execute()
  return { figures: await of('deployment_figures'), changes: await of('deployment_change') }
}
