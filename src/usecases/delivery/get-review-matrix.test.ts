import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { computeChangedFigures } from './compute-figures.ts'
import { getReviewMatrix } from './get-review-matrix.ts'

let open: OpenDatabase
const [organizationId, other] = [newId(), newId()]
const repositories = [
  { id: newId(), slug: 'storefront-api' },
  { id: newId(), slug: 'warehouse' },
]
const names = ['Ada Quill', 'Ben Oar', 'Cleo Weft', 'Dora Ash', 'Emil Fern', 'Bump Robot']
const people = names.map((name) => ({ id: newId(), name, isBot: name === 'Bump Robot' }))
const [ada, ben, cleo, dora, , robot] = people.map(({ id }) => id)
const clock = () => new Date('2026-05-01T00:00:00Z')
const teams = [newId(), newId()]

let number = 0
/** Opened in March, with one word of each reviewer. */
function reviewed(author: string | undefined, reviewers: readonly (string | undefined)[], more = {}) {
  number += 1
  const openedAt = `2026-03-${String(number).padStart(2, '0')}T08:00:00Z`
  const events = reviewers.map((by) => ({
    kind: 'comment' as const,
    at: openedAt.replace('T08', 'T10'),
    by: by ?? null,
  }))
  return {
    id: newId(),
    repositoryId: repositories[0]?.id ?? '',
    number,
    authorId: author ?? null,
    openedAt,
    events,
    ...more,
  }
}

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  await insertDeliveryPlace(db, { organizationId, connectionId: newId(), repositories, people })
  await insertDeliveryPlace(db, { organizationId: other, connectionId: newId(), repositories, people })
  const stated = [
    reviewed(ada, [ben, cleo]),
    reviewed(ada, [ben]),
    reviewed(ben, [ada, robot, ben]),
    reviewed(dora, [ben]),
    reviewed(undefined, [ben]),
    reviewed(robot, [ada]),
    reviewed(cleo, [ada], { excludedReason: 'A rehearsal' }),
    reviewed(cleo, [ada], { repositoryId: repositories[1]?.id ?? '', destinationBranch: 'release' }),
  ]
  await insertPullRequests(db, organizationId, stated)
  await insertPullRequests(db, other, stated.slice(0, 2))
  await db
    .insertInto('pull_request_reviewer')
    .values(
      [cleo, dora, ben].map((contributor_id) => ({
        organization_id: organizationId,
        pull_request_id: stated[1]?.id ?? '',
        contributor_id: contributor_id ?? '',
        role: 'reviewer' as const,
      })),
    )
    .execute()
  await computeChangedFigures({ db, clock })
})
afterAll(async () => open.close())

const ask = (more = {}) =>
  getReviewMatrix(
    { db: open.db, clock },
    { organizationId, from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', ...more },
  )
async function allow(set: { has_person_pages: boolean; has_rankings: boolean }) {
  await open.db
    .insertInto('people_settings')
    .values({ organization_id: organizationId, ...set, updated_at: clock() })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(set))
    .execute()
}

test('nobody is named as long as nobody decided so, and what was counted is told', async () => {
  const answer = await ask()
  expect(answer.grouping).toBe('anonymous')
  // Ben, Ada and Cleo, by how much they reviewed.
  expect(answer.reviewers.map(({ label, count }) => [label, count])).toEqual([
    ['Reviewer 1', 4],
    ['Reviewer 2', 2],
    ['Reviewer 3', 1],
  ])
  const shown = JSON.stringify(answer)
  for (const { id, name } of people) for (const word of [id, name]) expect(shown).not.toContain(word)
  expect(answer.excluded.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
    { reason: 'A rehearsal', count: 1 },
    { reason: 'bot_author', count: 1 },
  ])
})

test('with pages of persons everybody is named, in the order of names; a review of one’s own and of a program is none', async () => {
  await allow({ has_person_pages: true, has_rankings: false })
  const { grouping, reviewers, authors, cells } = await ask()
  expect(grouping).toBe('person')
  expect(reviewers.map(({ label, count }) => [label, count])).toEqual([
    ['Ada Quill', 2],
    ['Ben Oar', 4],
    ['Cleo Weft', 1],
  ])
  expect(authors.map(({ label, count }) => [label, count])).toEqual([
    ['Ada Quill', 3],
    ['Ben Oar', 1],
    ['Cleo Weft', 1],
    ['Dora Ash', 1],
    [null, 1],
  ])
  expect(cells).toContainEqual({ reviewer: ben, author: ada, count: 2 })
  expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(7)
})

test('only with rankings whoever reviews most comes first', async () => {
  await allow({ has_person_pages: true, has_rankings: true })
  expect((await ask()).reviewers.map(({ label }) => label)).toEqual(['Ben Oar', 'Ada Quill', 'Cleo Weft'])
  await allow({ has_person_pages: false, has_rankings: false })
})

test('three of four active people reviewed; the work of both is spread as worked out by hand', async () => {
  // Active: Ada, Ben, Cleo, Dora with 2, 4, 1 and 0 reviews of 7. Differences of all pairs: 2 × (2+1+2+3+4+1) = 26, of 2 × 4 × 7.
  const { distribution, load } = await ask()
  expect(distribution).toMatchObject({ active: 4, reviewed: 3, share: 0.75, goal: 0.45, top_share: 1 })
  expect(distribution.gini).toBeCloseTo(26 / 56, 9)
  // Asked of Cleo and Dora, who said no word; Ben did. Two people are too few for a median.
  expect(load).toEqual({
    reviews: 7,
    median: 2,
    p90: 4,
    open_requests: 2,
    open_requests_median: null,
    open_requests_p90: null,
  })
})

test('it is narrowed by repository and branch, and of a time without reviews it is empty and not 0', async () => {
  expect((await ask({ repository: [repositories[1]?.id ?? ''] })).load.reviews).toBe(1)
  expect((await ask({ branch: ['main'] })).load.reviews).toBe(6)
  const early = await ask({ from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' })
  expect(early).toMatchObject({ reviewers: [], authors: [], cells: [], distribution: { share: null, gini: null } })
  await expect(ask({ repository: [newId()] })).rejects.toMatchObject({ code: 'validation_failed' })
})

test('teams are shown where there are some, and a team of few is one of the others', async () => {
  const { db } = open
  const team = (id: string, name: string) => ({
    organization_id: organizationId,
    id,
    name,
    created_at: clock(),
    updated_at: clock(),
  })
  await db
    .insertInto('team')
    .values([team(teams[0] ?? '', 'Harbour'), team(teams[1] ?? '', 'Mill')])
    .execute()
  const membership = (team_id: string, contributor_id: string) => ({
    organization_id: organizationId,
    id: newId(),
    team_id,
    contributor_id,
    role: 'member' as const,
    created_at: clock(),
  })
  await db
    .insertInto('team_member')
    .values([
      ...[ada, ben, cleo].map((id) => membership(teams[0] ?? '', id ?? '')),
      membership(teams[1] ?? '', dora ?? ''),
    ])
    .execute()
  const { grouping, reviewers, authors } = await ask()
  expect(grouping).toBe('team')
  expect(reviewers).toEqual([{ key: teams[0], label: 'Harbour', people: 3, count: 7 }])
  // Dora alone, and whoever it is nobody knows, would be the others.
  expect(authors.map(({ label, people: of, count }) => [label, of, count])).toEqual([[null, 5, 7]])
})

test('it is narrowed by team, and so is who counts as active', async () => {
  const { db } = open
  const at = '2026-03-24T16:30:00Z'
  const of = { organization_id: organizationId, repository_id: repositories[0]?.id ?? '' }
  await db
    .insertInto('commit')
    .values({ ...of, sha: 'a'.repeat(40), author_id: people[4]?.id ?? null, authored_at: at, committed_at: at })
    .execute()
  await computeChangedFigures({ db, clock })
  expect((await ask()).distribution.active).toBe(5)
  // Harbour's own pull requests: Ada's, Ben's and Cleo's; a commit of Emil, who is in no team, is none of them.
  const { distribution, load } = await ask({ team: [teams[0] ?? ''] })
  expect([load.reviews, distribution.active]).toEqual([5, 3])
})
