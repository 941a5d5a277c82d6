import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../test/delivery-facts.ts'
import { insertBreakdowns } from '../../test/many-breakdowns.ts'
import { insertDeployments, makeDeployments } from '../../test/many-deployments.ts'
import { insertPipelines, makePipelines } from '../../test/many-pipelines.ts'
import { makePullRequests, people, repositories } from '../../test/many-pull-requests.ts'
import { insertRemediations, makeRemediations } from '../../test/many-remediations.ts'
import { createNewId, newId } from '../lib/ids.ts'
import { type OpenDatabase, openDatabase } from '../store/db.ts'
import type { AuditActor } from '../usecases/access/audit.ts'
import { compareDelivery, usualFigures } from '../usecases/delivery/compare-delivery.ts'
import { computeChangedFigures } from '../usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../usecases/delivery/deployments/compute-deployments.ts'
import { updateLabelRules } from '../usecases/delivery/label-rules.ts'
import { followChangedVulnerabilities } from '../usecases/delivery/remediation/follow-vulnerabilities.ts'
import { addTeamMember } from '../usecases/delivery/teams/team-members.ts'
import { createTeam, updateTeam } from '../usecases/delivery/teams/teams.ts'
import { answerMetric, type MetricQuestion } from './answer-metric.ts'
import { listMetricRows } from './list-metric-rows.ts'
import type { Metric, MetricSubject } from './metric.ts'
import { metrics } from './registry.ts'

// What every metric keeps however it is looked at: by team, by label, in team hours, side by side.
let open: OpenDatabase
const [organizationId, other] = [newId(), newId()]
const now = new Date('2026-05-01T00:00:00Z')
const range = { from: new Date('2026-03-09T00:00:00Z'), to: new Date('2026-04-06T00:00:00Z') }
const actor: AuditActor = { kind: 'system', name: 'Greta Admin' }
const deps = () => ({ db: open.db, clock: () => now, newId: createNewId() })
const [ada, ben, cleo] = people.map(({ id }) => id)
const [first, second] = repositories.map(({ id }) => id)

/** `harbour` over `quay` (Ada and Ben, the first repository) and `deck` (Ben, both); `far` has Cleo. */
const teams = { harbour: '', quay: '', deck: '', far: '' }

beforeAll(async () => {
  open = await createTestDatabase()
  for (const id of [organizationId, other]) {
    await insertDeliveryPlace(open.db, { organizationId: id, connectionId: newId(), repositories, people })
    const stated = makePullRequests(90)
    await insertPullRequests(open.db, id, stated)
    await insertBreakdowns(open.db, id, stated)
    await insertDeployments(open.db, id, makeDeployments())
    await insertPipelines(open.db, id, makePipelines())
    await insertRemediations(open.db, id, makeRemediations(stated))
  }
  teams.harbour = await team('Harbour', null, [], [])
  teams.quay = await team('Quay', teams.harbour, [ada, ben], [first])
  teams.deck = await team('Deck', teams.harbour, [ben], [first, second])
  teams.far = await team('Far', null, [cleo], [])
  await compute()
})
afterAll(async () => open.close())

async function compute() {
  while ((await computeChangedFigures(deps())) > 0);
  while ((await computeChangedDeployments(deps())) > 0);
  await followChangedVulnerabilities(deps())
  // Whether it is security work is told by what was followed.
  while ((await computeChangedFigures(deps())) > 0);
}

type Ids = readonly (string | undefined)[]
async function team(name: string, parentId: string | null, members: Ids, own: Ids): Promise<string> {
  const { id } = await createTeam(deps(), { organizationId, actor, name, parentId, timeZone: null })
  for (const contributorId of members)
    await addTeamMember(deps(), { organizationId, actor, id, contributorId, role: 'member', from: null, to: null })
  const repositoryIds = own.flatMap((one) => one ?? [])
  await updateTeam(deps(), { organizationId, actor, id, change: { repositoryIds } })
  return id
}

const whole = { organizationId, repositoryIds: undefined, branches: undefined, range, now }
function ask(metric: Metric, more: Partial<MetricQuestion> = {}) {
  const how = { interval: 'week', timeZone: 'UTC', statistic: 'median', isCompared: true } as const
  return answerMetric(open.db, metric, { ...whole, ...how, ...more })
}
async function idsOf(metric: Metric, more: Partial<MetricQuestion> = {}): Promise<string[]> {
  const rows = await listMetricRows(open.db, metric, { ...whole, ...more, after: null, limit: 1000 })
  return rows.map(({ id }) => id).toSorted()
}
/** Whose they are: the author of a pull request, the repository of everything else. */
async function ownersOf(metric: Metric): Promise<Map<string, string | null>> {
  const found = sql<Owned>`select ${owned[metric.subject]} where organization_id = ${organizationId}::uuid`
  return new Map((await found.execute(open.db)).rows.map(({ id, owner }) => [id, owner]))
}
type Owned = { id: string; owner: string | null }
const owned: Record<MetricSubject, RawBuilder<unknown>> = {
  pull_request: sql`id, author_id as owner from pull_request`,
  deployment: sql`id, repository_id as owner from deployment`,
  pipeline: sql`id, repository_id as owner from pipeline`,
  incident: sql`id, repository_id as owner from incident`,
  vulnerability: sql`vulnerability_id as id, repository_id as owner from vulnerability_figures`,
}

const spanned = metrics.filter(({ hasBusinessHours }) => hasBusinessHours === true)

describe.each(metrics.map((metric) => ({ key: metric.key, metric })))('$key', ({ metric }) => {
  const isOfRepositories = metric.subject !== 'pull_request'

  test('of a team is made of what is its own, and another team’s facts have no effect', async () => {
    const owners = await ownersOf(metric)
    const mine = new Set(isOfRepositories ? [first] : [ada, ben])
    const ids = (await idsOf(metric)).filter((id) => mine.has(owners.get(id) ?? ''))
    expect(await idsOf(metric, { teamIds: [teams.quay] })).toEqual(ids)
    expect(ids.length).toBeGreaterThan(0)
    expect((await ask(metric, { teamIds: [teams.quay] })).n).toBe(ids.length)
  })

  test('of teams that share somebody has each once', async () => {
    const both = await idsOf(metric, { teamIds: [teams.quay, teams.deck] })
    expect(new Set(both).size).toBe(both.length)
    const each = [
      ...(await idsOf(metric, { teamIds: [teams.quay] })),
      ...(await idsOf(metric, { teamIds: [teams.deck] })),
    ]
    expect(both).toEqual([...new Set(each)].toSorted())
    expect(each.length).toBeGreaterThan(both.length)
  })

  test('stands beside others as it stands alone, for each repository and each team', async () => {
    const asked = { organizationId, metric: [metric.key], from: range.from.toISOString(), to: range.to.toISOString() }
    const byRepository = await compareDelivery(deps(), { ...asked, by: 'repository' })
    expect(byRepository.total).toBe(repositories.length)
    for (const { id, figures } of byRepository.items) {
      const { value, n, previous } = await ask(metric, { repositoryIds: [id] })
      expect(figures).toEqual([{ key: metric.key, value, n, previous }])
    }
    const byTeam = await compareDelivery(deps(), { ...asked, by: 'team' })
    expect(byTeam.items.map(({ name, within }) => [name, within])).toEqual([
      ['Deck', 'Harbour'],
      ['Far', null],
      ['Harbour', null],
      ['Quay', 'Harbour'],
    ])
    for (const { id, name, figures } of byTeam.items) {
      const teamIds = name === 'Harbour' ? [teams.harbour, teams.quay, teams.deck] : [id]
      const { value, n, previous } = await ask(metric, { teamIds })
      expect(figures).toEqual([{ key: metric.key, value, n, previous }])
    }
  })

  test('counts the same by all hours as by those of the team, and none is longer', async () => {
    if (metric.hasBusinessHours !== true) return
    const [all, business] = [
      await ask(metric, { statistic: 'mean' }),
      await ask(metric, { statistic: 'mean', hours: 'business' }),
    ]
    expect([business.n, business.coverage, business.excluded]).toEqual([all.n, all.coverage, all.excluded])
    expect(business.value ?? Number.NaN).toBeLessThan(all.value ?? Number.NaN)
    expect(business.value).toBeGreaterThan(0)
  })
})

test('durations that have business hours are these', () => {
  expect(spanned.map(({ key }) => key)).toEqual([
    'lead_time_changes',
    'deploy_time',
    'coding_time',
    'draft_time',
    'pickup_time',
    'review_time',
    'merge_wait',
    'pr_cycle_time',
  ])
})

test('side by side, the range before is as many days of the zone, over a change of clocks', async () => {
  const metric = metrics.find(({ key }) => key === 'deployment_frequency')
  if (metric === undefined) throw new Error('There is no such metric.')
  // A week of Berlin, which changed its clocks in the week before: one deployment was in the hour that week lacks.
  const week = { from: new Date('2026-03-29T22:00:00Z'), to: new Date('2026-04-05T22:00:00Z') }
  const previousOf = async (timeZone: string) => {
    const asked = { from: week.from.toISOString(), to: week.to.toISOString(), time_zone: timeZone }
    const { items } = await compareDelivery(deps(), { organizationId, metric: [metric.key], ...asked })
    const alone = await ask(metric, { repositoryIds: [second ?? ''], range: week, timeZone })
    const previous = items.find(({ id }) => id === second)?.figures[0]?.previous
    expect(previous).toEqual(alone.previous)
    return previous?.n
  }
  expect((await previousOf('UTC')) ?? 0).toBe(((await previousOf('Europe/Berlin')) ?? 0) + 1)
  await expect(compareDelivery(deps(), { organizationId, time_zone: 'Europe/Quay' })).rejects.toMatchObject({
    code: 'validation_failed',
  })
})

test('side by side takes one statement a figure, however many rows', async () => {
  const statements: string[] = []
  const counted = await openDatabase({ url: open.url }, { onStatement: (text) => statements.push(text) })
  const asked = { organizationId, from: range.from.toISOString(), to: range.to.toISOString(), team: [teams.harbour] }
  await compareDelivery({ ...deps(), db: counted.db }, { ...asked, by: 'team' })
  await counted.close()
  expect(statements.length).toBeLessThanOrEqual(usualFigures.length + 4)
})

describe('labels', () => {
  const label = (items: { label: string; field: 'title' | 'branch'; pattern: string }[]) =>
    updateLabelRules(deps(), { organizationId, actor, items })
  const throughput = metrics.find(({ key }) => key === 'pr_throughput')

  test('narrow to what their rules fit, whatever the case, and stay true when a title changes', async () => {
    if (throughput === undefined) return
    const { items } = await label([
      { label: 'Twelve', field: 'title', pattern: 'change 12' },
      { label: 'Ends in 5', field: 'title', pattern: 'CHANGE *5' },
      { label: 'Repair', field: 'branch', pattern: 'hotfix/*' },
    ])
    const numbers = Array.from({ length: 170 }, (_, index) => index + 1)
    expect(items.map(({ label: name, pull_requests }) => [name, pull_requests])).toEqual([
      ['Ends in 5', numbers.filter((number) => number % 10 === 5).length],
      ['Repair', 0],
      ['Twelve', 1],
    ])
    const before = await idsOf(throughput, { labels: ['Ends in 5'] })
    expect(before.length).toBeGreaterThan(3)
    await open.db
      .updateTable('pull_request')
      .set({ source_branch: 'HOTFIX/till', title: 'Renamed' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', before[0] ?? '')
      .execute()
    expect(await idsOf(throughput, { labels: ['Ends in 5'] })).toEqual(before.slice(1))
    expect(await idsOf(throughput, { labels: ['Repair'] })).toEqual(before.slice(0, 1))
    expect(await idsOf(throughput, { labels: ['Repair', 'Ends in 5'] })).toEqual(before)
    expect(await idsOf(throughput, { labels: ['Ends in 5'], organizationId: other })).toEqual([])
  })

  test.each([
    ['that fits anything', [{ label: 'All', field: 'title', pattern: '*' }]],
    [
      'that is there twice',
      [
        { label: 'A', field: 'title', pattern: 'one*' },
        { label: 'A', field: 'title', pattern: 'ONE*' },
      ],
    ],
  ] as const)('refuse a rule %s', async (_, items) => {
    await expect(label([...items])).rejects.toMatchObject({ code: 'validation_failed' })
  })
})
