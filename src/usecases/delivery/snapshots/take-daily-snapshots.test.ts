import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, toEvents } from '../../../../test/delivery-facts.ts'
import { insertDeployments, makeDeployments } from '../../../../test/many-deployments.ts'
import { makePullRequests, people, repositories } from '../../../../test/many-pull-requests.ts'
import { insertRemediations, makeRemediations } from '../../../../test/many-remediations.ts'
import { newId } from '../../../lib/ids.ts'
import { answerAsOf } from '../../../metrics/answer-as-of.ts'
import { answerMetric } from '../../../metrics/answer-metric.ts'
import { metrics } from '../../../metrics/registry.ts'
import { isKept } from '../../../metrics/snapshots.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from '../remediation/follow-vulnerabilities.ts'
import { takeDailySnapshots } from './take-daily-snapshots.ts'

let open: OpenDatabase
const [whole, late] = [newId(), newId()]
const stated = makePullRequests(60)
const deployments = makeDeployments()
const at = (day: string) => new Date(`${day}T05:00:00Z`)

async function compute(now: Date): Promise<void> {
  await computeChangedFigures({ db: open.db, clock: () => now })
  while ((await computeChangedDeployments({ db: open.db })) > 0);
}
const take = (day: string) => takeDailySnapshots({ db: open.db, clock: () => at(day) })

/** The newest version of each day. */
async function newestOf(organizationId: string) {
  const found = await sql<{ metric_key: string }>`
    select distinct on (metric_key, day, repository_id) metric_key, day::text, repository_id, "values", total, left_out
    from metric_snapshot where organization_id = ${organizationId}
    order by metric_key, day, repository_id, version desc`.execute(open.db)
  return found.rows.filter((row) => Object(row).total > 0 || Object.keys(Object(row).left_out).length > 0)
}
async function countRows(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from metric_snapshot`.execute(open.db)
  return rows[0]?.n ?? 0
}

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  for (const id of [whole, late])
    await insertDeliveryPlace(db, { organizationId: id, connectionId: newId(), repositories, people })
  await insertPullRequests(db, whole, stated)
  await insertDeployments(db, whole, deployments)
  // The other one learns backwards, a third a day, and each day is kept in between.
  const backwards = stated.toReversed()
  const third = Math.ceil(backwards.length / 3)
  await insertPullRequests(
    db,
    late,
    backwards.slice(0, third).map((one) => ({ ...one, state: 'open' as const, closedById: null, events: [] })),
  )
  await compute(at('2026-04-27'))
  await take('2026-04-27')
  await db
    .insertInto('pull_request_event')
    .values(backwards.slice(0, third).flatMap((one) => toEvents(late, one).toReversed()))
    .execute()
  for (const { id, state = 'open', closedById } of backwards.slice(0, third))
    await db
      .updateTable('pull_request')
      .set({ state, closed_by_id: closedById ?? null })
      .where('organization_id', '=', late)
      .where('id', '=', id)
      .execute()
  await insertPullRequests(db, late, backwards.slice(third, 2 * third))
  await compute(at('2026-04-28'))
  await take('2026-04-28')
  await insertPullRequests(db, late, backwards.slice(2 * third))
  await insertDeployments(db, late, deployments.toReversed())
  await compute(at('2026-04-29'))
  await take('2026-04-29')
})
afterAll(async () => open.close())

const question = {
  repositoryIds: undefined,
  range: { from: new Date('2026-03-09T00:00:00Z'), to: new Date('2026-04-06T00:00:00Z') },
  interval: 'week' as const,
  statistic: 'median' as const,
  isCompared: true,
}

describe('what was kept of each day', () => {
  test('is the same in its newest version, in whatever order it was learned', async () => {
    const [straight, backwards] = [await newestOf(whole), await newestOf(late)]
    expect(straight.length).toBeGreaterThan(500)
    expect(backwards).toEqual(straight)
  })

  test('has its old versions beside the new', async () => {
    const versions = async (id: string) => {
      const { rows } = await sql<{
        n: number
      }>`select max(version) as n from metric_snapshot where organization_id = ${id}`.execute(open.db)
      return rows[0]?.n ?? 0
    }
    expect(await versions(whole)).toBe(1)
    expect(await versions(late)).toBeGreaterThan(1)
  })

  test('is not taken twice a day, and nothing is added by a day on which nothing was learned', async () => {
    const before = await countRows()
    expect(await take('2026-04-29')).toBe(0)
    const added = await take('2026-04-30')
    // Only what lasts has another value on another day.
    const { rows } = await sql<{ key: string }>`select distinct metric_key as key from metric_snapshot
      where day = '2026-04-29'`.execute(open.db)
    const lasting = metrics
      .filter(isKept)
      .filter(({ shape }) => shape === 'age' || shape === 'backlog')
      .map(({ key }) => key)
    expect(lasting).toEqual(expect.arrayContaining(rows.map(({ key }) => key)))
    expect(await countRows()).toBe(before + added)
  })

  test.each(metrics.filter(isKept).map((metric) => ({ key: metric.key, metric })))(
    'answers $key as the figure itself does while nothing was learned since',
    async ({ metric }) => {
      const now = at('2026-04-29')
      const live = await answerMetric(open.db, metric, {
        ...question,
        organizationId: whole,
        branches: undefined,
        timeZone: 'UTC',
        now,
      })
      const kept = await answerAsOf(open.db, metric, {
        ...question,
        organizationId: whole,
        now,
        asOf: new Date('2026-04-29T00:00:00Z'),
      })
      expect(kept).toEqual(live)
    },
  )
})

test('a report is repeated as it was, whatever is learned after it', async () => {
  const metric = metrics.find(({ key }) => key === 'pr_throughput')
  if (metric === undefined) throw new Error('There is no such figure.')
  const ask = (day: string) =>
    answerAsOf(open.db, metric, {
      ...question,
      organizationId: late,
      now: at('2026-05-02'),
      asOf: new Date(`${day}T00:00:00Z`),
    })
  const reports = [await ask('2026-04-28'), await ask('2026-04-29')]
  const [first, second] = reports.map((report) => report?.n ?? 0)
  expect(second).toBeGreaterThan(first ?? 0)
  const merged = stated.find(
    ({ state, authorId, events }) =>
      state === 'merged' &&
      authorId !== people[3]?.id &&
      (events?.at(-1)?.at ?? '') > '2026-03-10' &&
      (events?.at(-1)?.at ?? '') < '2026-04-05',
  )
  await open.db
    .updateTable('pull_request')
    .set({ excluded_reason: 'Late' })
    .where('organization_id', '=', late)
    .where('id', '=', merged?.id ?? '')
    .execute()
  await compute(at('2026-05-01'))
  const { rows: marked } = await sql<{
    day: string
  }>`select distinct day::text as day from snapshot_day_to_take where organization_id = ${late} order by 1`.execute(
    open.db,
  )
  // Its own days, and no other.
  expect(marked.map(({ day }) => day)).toContain(merged?.events?.at(-1)?.at.slice(0, 10))
  expect(marked.length).toBeLessThan(15)
  await take('2026-05-01')
  expect([await ask('2026-04-28'), await ask('2026-04-29')]).toEqual(reports)
  expect((await ask('2026-05-01'))?.n).toBe((second ?? 0) - 1)
  expect(await ask('2026-04-20')).toBeUndefined()
})

describe('what is learned late of more than a pull request itself', () => {
  const ask = (key: string, day: string) => {
    const metric = metrics.find((one) => one.key === key)
    if (metric === undefined) throw new Error('There is no such figure.')
    const asked = { ...question, organizationId: whole, now: at(day) }
    return Promise.all([
      answerMetric(open.db, metric, { ...asked, branches: undefined, timeZone: 'UTC' }),
      answerAsOf(open.db, metric, { ...asked, asOf: new Date(`${day}T00:00:00Z`) }),
    ])
  }

  test('is in every figure whose days are kept: which of them remedied a vulnerability', async () => {
    await insertRemediations(open.db, whole, makeRemediations(stated))
    await followChangedVulnerabilities({ db: open.db, clock: () => at('2026-05-02') })
    await computeChangedFigures({ db: open.db, clock: () => at('2026-05-02') })
    await take('2026-05-02')
    for (const { key } of metrics.filter(isKept)) {
      const [live, kept] = await ask(key, '2026-05-02')
      expect([key, kept]).toEqual([key, live])
    }
  })

  test('is in the merged ones of a day: that two share a merge commit', async () => {
    const range = { from: '2026-03-10', to: '2026-04-05' }
    const merged = stated.filter(({ events, repositoryId }) => {
      const end = events?.find(({ kind }) => kind === 'merged')?.at ?? ''
      return end > range.from && end < range.to && repositoryId === repositories[0]?.id
    })
    await open.db
      .updateTable('pull_request')
      .set({ merge_sha: 'b'.repeat(40) })
      .where('organization_id', '=', whole)
      .where(
        'id',
        'in',
        merged.slice(0, 4).map(({ id }) => id),
      )
      .execute()
    await compute(at('2026-05-03'))
    await take('2026-05-03')
    const [live, kept] = await ask('pr_throughput', '2026-05-03')
    expect(live.excluded).toContainEqual({ reason: 'batch_merge', count: expect.any(Number) })
    expect(kept).toEqual(live)
  })
})
