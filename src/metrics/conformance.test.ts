import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, toEvents, toRow } from '../../test/delivery-facts.ts'
import { insertBreakdowns } from '../../test/many-breakdowns.ts'
import { insertDeployments, makeDeployments } from '../../test/many-deployments.ts'
import { insertPipelines, makePipelines } from '../../test/many-pipelines.ts'
import { makePullRequests, people, repositories } from '../../test/many-pull-requests.ts'
import { insertRemediations, makeRemediations } from '../../test/many-remediations.ts'
import { leastValues, statistics, summarise } from '../domain/delivery/statistics.ts'
import { newId } from '../lib/ids.ts'
import type { OpenDatabase } from '../store/db.ts'
import { computeChangedFigures } from '../usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../usecases/delivery/deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from '../usecases/delivery/remediation/follow-vulnerabilities.ts'
import { answerMetric, hasStatistic, type MetricQuestion } from './answer-metric.ts'
import { listMetricRows, type MetricRow, type RowPlace } from './list-metric-rows.ts'
import { isLasting, type Metric } from './metric.ts'
import { findMetric, metrics } from './registry.ts'

// What every metric has to keep, whatever it measures. The facts: `makePullRequests`, six weeks from the first of March.
let open: OpenDatabase
const [organizationId, shuffled, empty] = [newId(), newId(), newId()]
const now = new Date('2026-05-01T00:00:00Z')
const stated = makePullRequests(90)
const dayMs = 24 * 3600_000

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  for (const id of [organizationId, shuffled, empty])
    await insertDeliveryPlace(db, { organizationId: id, connectionId: newId(), repositories, people })
  await insertPullRequests(db, organizationId, stated)
  await insertBreakdowns(db, organizationId, stated)
  await insertDeployments(db, organizationId, makeDeployments())
  await insertRemediations(db, organizationId, makeRemediations(stated))
  await insertPipelines(db, organizationId, makePipelines())
  await insertLateAndBackwards(shuffled)
  await insertBreakdowns(db, shuffled, stated.toReversed())
  await insertRemediations(db, shuffled, makeRemediations(stated).toReversed())
  await followChangedVulnerabilities({ db, clock: () => now })
  await insertDeployments(db, shuffled, makeDeployments().toReversed())
  await insertPipelines(db, shuffled, makePipelines().toReversed())
  await computeChangedFigures({ db, clock: () => now })
  while ((await computeChangedDeployments({ db })) > 0);
  await followChangedVulnerabilities({ db, clock: () => now })
  await computeChangedFigures({ db, clock: () => now })
})
afterAll(async () => open.close())

/** The same facts: pull requests are first seen open, what happened comes in any order, and figures are made in between. */
async function insertLateAndBackwards(id: string): Promise<void> {
  const { db } = open
  const compute = async () => computeChangedFigures({ db, clock: () => now })
  const backwards = stated.toReversed()
  for (const one of backwards) {
    const unknown = {
      closed_by_id: null,
      merged_at: null,
      lines_added: null,
      lines_removed: null,
      excluded_reason: null,
    }
    await db
      .insertInto('pull_request')
      .values({ ...toRow(id, one), ...unknown, state: 'open' })
      .execute()
  }
  const events = backwards.flatMap((one) => toEvents(id, one).toReversed())
  await db
    .insertInto('pull_request_event')
    .values(events.filter((_, index) => index % 3 === 0))
    .execute()
  await compute()
  await computeChangedDeployments({ db })
  for (const one of backwards) {
    await db
      .updateTable('pull_request')
      .set(toRow(id, one))
      .where('organization_id', '=', id)
      .where('id', '=', one.id)
      .execute()
  }
  await compute()
  await db
    .insertInto('pull_request_event')
    .values(events.filter((_, index) => index % 3 !== 0))
    .execute()
}

const range = { from: new Date('2026-03-09T00:00:00Z'), to: new Date('2026-04-06T00:00:00Z') }
function ask(metric: Metric, more: Partial<MetricQuestion> = {}) {
  return answerMetric(open.db, metric, {
    organizationId,
    repositoryIds: undefined,
    branches: undefined,
    range,
    now,
    interval: 'week',
    timeZone: 'Europe/Berlin',
    statistic: 'median',
    isCompared: false,
    ...more,
  })
}
async function rowsOf(metric: Metric, more: Partial<MetricQuestion> = {}, limit = 7): Promise<MetricRow[]> {
  const rows: MetricRow[] = []
  for (let after: RowPlace | null = null; ; ) {
    const scope = { organizationId, repositoryIds: undefined, branches: undefined, range, now, ...more }
    const page: MetricRow[] = await listMetricRows(open.db, metric, { ...scope, after, limit })
    rows.push(...page)
    const last = page.at(-1)
    if (page.length < limit || last === undefined) return rows
    after = { at: last.at, id: last.id }
  }
}
/** The number by the pure formula: what SQL has to answer. */
function byHand(metric: Metric, rows: readonly MetricRow[], statistic: MetricQuestion['statistic']): number | null {
  if (metric.shape === 'rate') return rows.length / ((range.to.getTime() - range.from.getTime()) / dayMs)
  if (metric.shape === 'count' || metric.shape === 'backlog') return rows.length
  if (metric.shape === 'total') return rows.reduce((sum, { value }) => sum + value, 0)
  if (rows.length < leastValues) return null
  if (metric.shape === 'weighted_mean') {
    const weights = rows.reduce((sum, { weight }) => sum + weight, 0)
    return rows.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights
  }
  const values = rows.map(({ value }) => value)
  return summarise(values, hasStatistic(metric.shape) ? statistic : 'mean')
}

test('keys are told apart, and found', () => {
  const keys = metrics.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  for (const metric of metrics) expect(findMetric(metric.key)).toBe(metric)
  expect(findMetric('tide_height')).toBeUndefined()
})

describe.each(metrics.map((metric) => ({ key: metric.key, metric })))('$key', ({ metric }) => {
  test('has something to say of these facts', async () => {
    const { value, n } = await ask(metric)
    expect([n >= leastValues, value === null]).toEqual([true, false])
  })

  test('of a time or a place without data says that there is none, and not 0', async () => {
    const nothing = { value: null, n: 0 }
    const early = { from: new Date('2001-01-01T00:00:00Z'), to: new Date('2001-02-01T00:00:00Z') }
    for (const more of [{ range: early }, { organizationId: empty }, { repositoryIds: [newId()] }]) {
      const answer = await ask(metric, { ...more, isCompared: true })
      expect(answer).toMatchObject({ ...nothing, coverage: { counted: 0, total: 0 }, excluded: [], previous: nothing })
      expect(answer.buckets.map(({ value, n }) => ({ value, n }))).toEqual(answer.buckets.map(() => nothing))
    }
  })

  test('comes with the rows that made it: as many as n, each once, and their formula is the number', async () => {
    const rows = await rowsOf(metric)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    for (const statistic of hasStatistic(metric.shape) ? statistics : (['median'] as const)) {
      const answer = await ask(metric, { statistic })
      expect([answer.n, answer.coverage.counted]).toEqual([rows.length, rows.length])
      expect(answer.coverage.total).toBeGreaterThanOrEqual(answer.n)
      expect(answer.value ?? Number.NaN).toBeCloseTo(byHand(metric, rows, statistic) ?? Number.NaN, 6)
    }
  })

  test('counts what lies on an edge in the range that begins there', async () => {
    const rows = await rowsOf(metric)
    const edge = rows[Math.floor(rows.length / 2)]?.at ?? now
    if (isLasting(metric)) {
      const ids = (await rowsOf(metric, { range: { from: range.from, to: edge } })).map(({ id }) => id)
      expect(ids).not.toContain(rows.find(({ at }) => at.getTime() === edge.getTime())?.id)
      return
    }
    const [before, after] = await Promise.all([
      ask(metric, { range: { from: range.from, to: edge } }),
      ask(metric, { range: { from: edge, to: range.to } }),
    ])
    expect(before.n + after.n).toBe(rows.length)
    expect(after.n).toBe(rows.filter(({ at }) => at >= edge).length)
  })

  test('parts into buckets that hold the same as each would alone', async () => {
    const { n, buckets } = await ask(metric)
    expect(buckets).toHaveLength(5)
    for (const { from, to, ...shown } of buckets) {
      const alone = await ask(metric, { range: { from, to } })
      expect(shown).toEqual({ value: alone.value, n: alone.n })
    }
    const sum = buckets.reduce((all, bucket) => all + bucket.n, 0)
    expect(isLasting(metric) ? buckets.at(-1)?.n : sum).toBe(n)
  })

  test('is compared with what the range before it answers', async () => {
    const before = { from: new Date('2026-02-09T00:00:00Z'), to: range.from }
    const { value, n } = await ask(metric, { range: before, timeZone: 'UTC' })
    expect((await ask(metric, { isCompared: true, timeZone: 'UTC' })).previous).toEqual({ value, n })
  })

  test('does not depend on the order in which facts came', async () => {
    expect(await ask(metric, { organizationId: shuffled })).toEqual(await ask(metric))
  })

  test('shows the facts of its organization alone, however alike their ids are', async () => {
    const rows = await rowsOf(metric)
    await open.db
      .updateTable('pull_request')
      .set({ title: 'Foreign' })
      .where('organization_id', '=', shuffled)
      .execute()
    await open.db.updateTable('deployment').set({ name: 'Foreign' }).where('organization_id', '=', shuffled).execute()
    await open.db
      .updateTable('vulnerability')
      .set({ title: 'Foreign' })
      .where('organization_id', '=', shuffled)
      .execute()
    await open.db.updateTable('pipeline').set({ name: 'Foreign' }).where('organization_id', '=', shuffled).execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(await rowsOf(metric)).toEqual(rows)
  })

  test('is narrowed by repository and branch', async () => {
    const [first] = repositories
    const all = await rowsOf(metric)
    const of = all.filter(({ repositoryId }) => repositoryId === first?.id)
    expect((await ask(metric, { repositoryIds: [first?.id ?? ''] })).n).toBe(of.length)
    // Others have no branch to choose; the API refuses to be asked for one.
    if (metric.subject !== 'pull_request') return
    const [main, release] = [await ask(metric, { branches: ['main'] }), await ask(metric, { branches: ['release'] })]
    expect([main.n > 0, release.n > 0, main.n + release.n]).toEqual([true, true, all.length])
  })

  test('leaves out what is excluded, and says why', async () => {
    const { excluded } = await ask(metric)
    if (metric.subject === 'deployment' || metric.subject === 'incident') {
      expect(excluded).toEqual([])
      return
    }
    const reasons = excluded.map(({ reason }) => reason)
    // What was charged was charged, whatever came of it.
    if (metric.shape === 'total' && metric.subject === 'pipeline') expect(reasons).toEqual([])
    else if (metric.subject === 'pipeline') expect(reasons.toSorted()).toEqual(['expired', 'stopped'])
    else if (metric.subject === 'vulnerability') expect(reasons).toContain('false_positive')
    // Few wait at one moment.
    else if (metric.key === 'undeployed_changes') expect(reasons).toEqual(['bot_author'])
    else expect(reasons).toEqual(expect.arrayContaining(['bot_author', 'A rehearsal']))
  })
})
