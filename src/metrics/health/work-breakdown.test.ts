import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { computeChangedFigures } from '../../usecases/delivery/compute-figures.ts'
import { answerMetric } from '../answer-metric.ts'
import { workBreakdown } from './work-breakdown.ts'

let open: OpenDatabase
const [organizationId, repositoryId, pullRequest] = [newId(), newId(), newId()]
const [ada, adaAtHome, bo, cy] = [newId(), newId(), newId(), newId()]
const clock = () => new Date('2026-04-01T00:00:00Z')
const dayMs = 24 * 3600_000
const changedAt = Date.parse('2026-03-10T12:00:00Z')
const head = 'e'.repeat(40)

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  const people = [
    { id: ada, name: 'Ada' },
    { id: adaAtHome, name: 'ada' },
    { id: bo, name: 'Bo' },
    { id: cy, name: 'Cy' },
  ]
  const place = { organizationId, connectionId: newId(), repositories: [{ id: repositoryId, slug: 'till' }], people }
  await insertDeliveryPlace(db, place)
  const merged = { kind: 'merged', at: '2026-03-12T12:00:00Z', by: bo } as const
  const one = { id: pullRequest, repositoryId, number: 1, authorId: ada, openedAt: '2026-03-10T08:00:00Z' }
  await insertPullRequests(db, organizationId, [{ ...one, state: 'merged', lines: [9, 9], events: [merged] }])
  await db.updateTable('contributor').set({ merged_into: ada }).where('id', '=', adaAtHome).execute()
  // Cy wrote a commit of it.
  await insertCommit({ sha: head, daysBefore: 0, by: cy })
  const commit = {
    organization_id: organizationId,
    pull_request_id: pullRequest,
    repository_id: repositoryId,
    sha: head,
  }
  await db.insertInto('pull_request_commit').values(commit).execute()
  await computeChangedFigures({ db, clock })
})
afterAll(async () => open.close())
afterEach(clear)

async function clear(): Promise<void> {
  await open.db.deleteFrom('pull_request_origin').execute()
  await open.db.deleteFrom('pull_request_breakdown').execute()
  await open.db.deleteFrom('commit').where('sha', '<>', head).execute()
}

type Origin = { daysBefore: number; by: string | null; lines: number }

async function insertCommit({ sha, daysBefore, by }: Omit<Origin, 'lines'> & { sha: string }): Promise<void> {
  const at = new Date(changedAt - daysBefore * dayMs)
  await open.db
    .insertInto('commit')
    .values({
      organization_id: organizationId,
      repository_id: repositoryId,
      sha,
      author_id: by,
      authored_at: at,
      committed_at: at,
      message: 'x',
      parents: [],
    })
    .execute()
}

async function blame(newLines: number | null, origins: readonly Origin[], more = {}): Promise<void> {
  const of = { organization_id: organizationId, pull_request_id: pullRequest }
  await open.db
    .insertInto('pull_request_breakdown')
    .values({ ...of, to_sha: head, changed_at: new Date(changedAt), new_lines: newLines, ...more })
    .execute()
  for (const [index, origin] of origins.entries()) {
    const sha = String(index).padStart(40, '0')
    await insertCommit({ ...origin, sha })
    await open.db
      .insertInto('pull_request_origin')
      .values({ ...of, sha, lines: origin.lines })
      .execute()
  }
}

async function ask(): Promise<(number | null)[]> {
  return (await answers()).map(({ value }) => value)
}
async function answers() {
  await computeChangedFigures({ db: open.db, clock })
  return Promise.all(
    workBreakdown.map((metric) =>
      answerMetric(open.db, metric, {
        organizationId,
        repositoryIds: undefined,
        branches: undefined,
        range: { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') },
        now: clock(),
        interval: 'week',
        timeZone: 'UTC',
        statistic: 'median',
        isCompared: false,
      }),
    ),
  )
}

const second = 1 / 86_400
// New lines, then rework, help and refactoring, worked out by hand.
test.each<[string, number, Origin[], [number, number, number, number]]>([
  ['only new lines', 7, [], [7, 0, 0, 0]],
  ['nothing at all', 0, [], [0, 0, 0, 0]],
  ['own lines of yesterday', 2, [{ daysBefore: 1, by: ada, lines: 3 }], [2, 3, 0, 0]],
  ['own lines, written by another account', 0, [{ daysBefore: 1, by: adaAtHome, lines: 3 }], [0, 3, 0, 0]],
  ['lines of who wrote one of its commits', 0, [{ daysBefore: 1, by: cy, lines: 3 }], [0, 3, 0, 0]],
  ['lines of another', 0, [{ daysBefore: 1, by: bo, lines: 3 }], [0, 0, 3, 0]],
  ['lines of somebody unknown', 0, [{ daysBefore: 1, by: null, lines: 3 }], [0, 0, 3, 0]],
  ['21 days to the second', 0, [{ daysBefore: 21, by: ada, lines: 3 }], [0, 3, 0, 0]],
  ['a second older', 0, [{ daysBefore: 21 + second, by: ada, lines: 3 }], [0, 0, 0, 3]],
  ['old lines of another', 0, [{ daysBefore: 300, by: bo, lines: 3 }], [0, 0, 0, 3]],
  ['written later than the change, by clocks', 0, [{ daysBefore: -5, by: bo, lines: 3 }], [0, 0, 3, 0]],
  [
    'all of it',
    10,
    [
      { daysBefore: 2, by: ada, lines: 4 },
      { daysBefore: 20, by: cy, lines: 1 },
      { daysBefore: 9, by: bo, lines: 2 },
      { daysBefore: 22, by: ada, lines: 5 },
      { daysBefore: 900, by: null, lines: 8 },
    ],
    [10, 5, 2, 13],
  ],
])('%s', async (_name, newLines, origins, expected) => {
  await blame(newLines, origins)
  expect(await ask()).toEqual(expected)
})

test('what was not blamed has no value and lowers the coverage; what was left out is told', async () => {
  expect(await answers()).toEqual(
    workBreakdown.map(() => expect.objectContaining({ value: null, n: 0, coverage: { counted: 0, total: 1 } })),
  )
  await blame(null, [], { left_out: 'too_many_lines' })
  const reasons = (await answers()).map(({ excluded }) => excluded)
  expect(reasons).toEqual(workBreakdown.map(() => [{ reason: 'too_many_lines', count: 1 }]))
  await clear()
  // The commit that wrote a line is not known: of none of the four anything is told.
  await blame(5, [], { changed_at: null })
  expect((await answers()).map(({ n }) => n)).toEqual([0, 0, 0, 0])
})

test('accounts that are found to be one person’s make help rework', async () => {
  await blame(0, [{ daysBefore: 1, by: bo, lines: 3 }])
  expect(await ask()).toEqual([0, 0, 3, 0])
  await open.db.updateTable('contributor').set({ merged_into: ada }).where('id', '=', bo).execute()
  expect(await ask()).toEqual([0, 3, 0, 0])
  await open.db.updateTable('contributor').set({ merged_into: null }).where('id', '=', bo).execute()
})

test('the four parts add up to all changed lines, and none is in two', async () => {
  const origin = fc.record({
    daysBefore: fc.integer({ min: -3, max: 60 }),
    by: fc.constantFrom(ada, adaAtHome, bo, cy, null),
    lines: fc.integer({ min: 1, max: 50 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.nat(100), fc.array(origin, { maxLength: 6 }), async (newLines, origins) => {
      await clear()
      await blame(newLines, origins)
      const sum = (await ask()).reduce<number>((all, value) => all + (value ?? Number.NaN), 0)
      expect(sum).toBe(newLines + origins.reduce((all, { lines }) => all + lines, 0))
    }),
    { numRuns: 30 },
  )
})
