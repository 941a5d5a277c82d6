import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../../test/delivery-facts.ts'
import { insertBreakdowns } from '../../../../test/many-breakdowns.ts'
import { insertDeployments, makeDeployments } from '../../../../test/many-deployments.ts'
import { makePullRequests, people, repositories } from '../../../../test/many-pull-requests.ts'
import { describeExplanation } from '../../../cli/describe-explanation.ts'
import { newId } from '../../../lib/ids.ts'
import { listMetricRows } from '../../../metrics/list-metric-rows.ts'
import { metrics } from '../../../metrics/registry.ts'
import { isExplained } from '../../../metrics/select-part.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { explainMetric } from './explain-metric.ts'

let open: OpenDatabase
const organizationId = newId()
const now = new Date('2026-05-01T00:00:00Z')
const clock = () => now
const range = { from: new Date('2026-01-01T00:00:00Z'), to: now }
// Of the last ones, one is merged after the last deployment.
const stated = makePullRequests(90).map((one) => (one.number === 90 ? mergeLate(one) : one))

function mergeLate(one: StatedPullRequest): StatedPullRequest {
  return {
    ...one,
    state: 'merged',
    events: [{ kind: 'merged', at: '2026-04-28T09:00:00Z', by: people[0]?.id ?? null }],
  }
}

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  await insertDeliveryPlace(db, { organizationId, connectionId: newId(), repositories, people })
  await insertPullRequests(db, organizationId, stated)
  await insertBreakdowns(db, organizationId, stated)
  await insertDeployments(db, organizationId, makeDeployments())
  await computeChangedFigures({ db, clock })
  while ((await computeChangedDeployments({ db })) > 0);
})
afterAll(async () => open.close())

const explain = (key: string, id: string) => {
  const metric = metrics.find((one) => one.key === key)
  const of = metric?.subject === 'deployment' ? { deployment: id } : { pull_request: id }
  return explainMetric({ db: open.db, clock }, { organizationId, key, ...of })
}

describe.each(metrics.filter(isExplained).map((metric) => ({ key: metric.key, metric })))(
  'the explanation of $key',
  ({ key, metric }) => {
    test('has the value and the moment that the figure on screen was made of', async () => {
      const scope = { organizationId, repositoryIds: undefined, branches: undefined, range, now }
      const rows = await listMetricRows(open.db, metric, { ...scope, after: null, limit: 200 })
      const some = rows.filter((_, index) => index % Math.ceil(rows.length / 12) === 0)
      expect(some.length).toBeGreaterThan(0)
      for (const { id, value, at } of some) {
        const told = await explain(key, id)
        expect([told.subject.id, told.outcome, told.value, told.at]).toEqual([id, 'counted', value, at.toISOString()])
        expect(told.stored).toEqual({ value, is_current: true })
        expect(told.bucket !== null && told.bucket.from <= (told.at ?? '') && (told.at ?? '') < told.bucket.to).toBe(
          true,
        )
      }
    })
  },
)

describe('an explanation', () => {
  const pickOf = (kind: string) => stated.find((one) => one.events?.some((event) => event.kind === kind)) ?? { id: '' }
  test('tells every event in order, and the phases add up to the cycle', async () => {
    const one = stated.find(
      ({ state, events }) => state === 'merged' && events?.some(({ kind }) => kind === 'approval'),
    )
    const told = await explain('pr_cycle_time', one?.id ?? '')
    const kinds = told.events.filter(({ from }) => from.startsWith('activity')).map(({ what }) => what)
    expect(kinds.toSorted()).toEqual(one?.events?.map(({ kind }) => kind).toSorted())
    expect(told.events.map(({ at }) => at)).toEqual(told.events.map(({ at }) => at).toSorted())
    const seconds = new Map(told.phases.map((phase) => [phase.name, phase.seconds ?? 0]))
    const parts = ['pickup', 'review', 'merge_wait'].map((name) => seconds.get(name) ?? 0)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(seconds.get('cycle'))
  })
  test('says why one is left out', async () => {
    const excluded = stated.find(
      ({ excludedReason, events }) => excludedReason !== undefined && events?.some(({ kind }) => kind === 'merged'),
    )
    const told = await explain('pr_size', excluded?.id ?? '')
    expect(told).toMatchObject({ outcome: 'left_out', value: null, left_out: { reason: 'A rehearsal' } })
    expect(describeExplanation(told)).toContain('left out: A rehearsal')
  })
  test('names people only where the organization allows it, and programs always', async () => {
    const reviewed = stated.filter(({ events }) => events?.some(({ kind }) => kind === 'approval')).slice(0, 8)
    const tell = async () => {
      const all = await Promise.all(reviewed.map(async ({ id }) => explain('pr_cycle_time', id)))
      return JSON.stringify(all.map(({ events, moments }) => [events, moments]))
    }
    const humans = people.filter(({ name }) => name !== 'Bump Robot').map(({ name }) => name)
    const hidden = await tell()
    for (const name of humans) expect(hidden).not.toContain(name)
    expect(hidden).toContain('"the author"')
    expect(hidden).toMatch(/the first approval that counts, of reviewer 1/)
    await open.db
      .insertInto('people_settings')
      .values({ organization_id: organizationId, has_person_pages: true, has_rankings: false, updated_at: now })
      .execute()
    const shown = await tell()
    expect(humans.some((name) => shown.includes(name))).toBe(true)
    expect(shown).not.toMatch(/reviewer \d/)
    await open.db.deleteFrom('people_settings').where('organization_id', '=', organizationId).execute()
  })
  test('says that the figure on screen is older than the facts', async () => {
    const { id } = pickOf('approval')
    const before = await explain('review_rounds', id)
    await open.db.transaction().execute(async (tx) => {
      await tx
        .updateTable('pull_request')
        .set({ excluded_reason: 'Late' })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute()
      const told = await explainMetric({ db: tx, clock }, { organizationId, key: 'review_rounds', pull_request: id })
      expect(told).toMatchObject({ outcome: 'left_out', stored: { value: before.stored.value, is_current: false } })
      await tx
        .updateTable('pull_request')
        .set({ excluded_reason: null })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute()
    })
  })
  test('is asked for by repository and number, with or without the workspace', async () => {
    const [first] = stated
    const short = await explain('pr_size', `storefront-api#${first?.number}`)
    const long = await explain('pr_size', `meadow-goods/storefront-api#${first?.number}`)
    expect([short.subject.id, long.subject.id]).toEqual([first?.id, first?.id])
  })
  test.each([
    ['a number without a repository', 'pr_size', '42', 'validation_failed'],
    ['a pull request that is not here', 'pr_size', 'storefront-api#99999', 'not_found'],
    ['a figure that is none', 'tide_height', 'storefront-api#1', 'not_found'],
  ])('is refused of %s', async (_, key, pullRequest, code) => {
    await expect(explain(key, pullRequest)).rejects.toMatchObject({ code })
  })
  test('of a deployment tells its tellings and why it failed', async () => {
    const failed = makeDeployments().find(({ isFailed }) => isFailed)
    const told = await explain('change_failure_rate', failed?.id ?? '')
    expect(told.value).toBe(1)
    expect(told.deployment.join(' ')).toContain('an incident is charged to it')
    expect(told.events).toHaveLength(1)
  })
  test('shows nothing that would steer a terminal', async () => {
    const [first] = stated
    const told = await explain('pr_size', first?.id ?? '')
    const hostile = { ...told, subject: { ...told.subject, title: 'x\u001B[2J\u202Ey\nz' } }
    expect(
      describeExplanation(hostile)
        .join('')
        .match(/[\p{Cc}\p{Cf}]/u),
    ).toBeNull()
  })
})
