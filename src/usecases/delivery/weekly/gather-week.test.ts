import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../../test/delivery-facts.ts'
import { insertDeployment, insertProduction, insertVulnerability } from '../../../../test/remediation-facts.ts'
import { newId } from '../../../lib/ids.ts'
import { createRemember } from '../../../lib/remember.ts'
import { type OpenDatabase, openDatabase } from '../../../store/db.ts'
import { putGoal } from '../../../store/delivery/goals.ts'
import { describeWeek } from '../../sync/calling/describe-week.ts'
import { compareDelivery } from '../compare-delivery.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { getMetric } from '../get-metric.ts'
import { followChangedVulnerabilities } from '../remediation/follow-vulnerabilities.ts'
import { gatherWeek, hasAnything, isWorse } from './gather-week.ts'

let open: OpenDatabase
const [organizationId, foreign, memberId, ada, ben] = [newId(), newId(), newId(), newId(), newId()]
const [shop, attic, away] = [newId(), newId(), newId()]
const now = new Date('2026-03-16T09:00:00Z')
const range = { from: new Date('2026-03-09T00:00:00Z'), to: new Date('2026-03-16T00:00:00Z') }
const at = (day: number, hour: number) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()

const reviewed = (
  number: number,
  { day, wait, repositoryId = shop }: { day: number; wait: number; repositoryId?: string },
) => ({
  id: newId(),
  repositoryId,
  number,
  authorId: ada,
  openedAt: at(day, 8),
  state: 'merged' as const,
  events: [
    { kind: 'approval' as const, at: at(day, 8 + wait), by: ben },
    { kind: 'merged' as const, at: at(day, 8 + wait + 1), by: ada },
  ],
})
const waiting = (number: number, day: number, repositoryId = shop) => {
  return { id: newId(), repositoryId, number, authorId: ada, openedAt: at(day, 8) }
}

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  await insertDeliveryPlace(db, {
    organizationId,
    connectionId: newId(),
    repositories: [
      { id: shop, slug: 'shop' },
      { id: attic, slug: 'attic' },
    ],
    people: [ada, ben].map((id) => ({ id, name: 'Somebody' })),
  })
  const strangers = [newId()]
  await insertDeliveryPlace(db, {
    organizationId: foreign,
    connectionId: newId(),
    repositories: [{ id: away, slug: 'away' }],
    people: strangers.map((id) => ({ id, name: 'Stranger' })),
  })
  await insertPullRequests(db, organizationId, [
    // The week before: 1, 2 and 3 hours. This week: 2, 4, 6, and one of another repository after 10.
    ...[1, 2, 3].map((wait) => reviewed(wait, { day: 3, wait })),
    ...[2, 4, 6].map((wait) => reviewed(10 + wait, { day: 10, wait })),
    reviewed(30, { day: 11, wait: 10, repositoryId: attic }),
    ...[1, 2, 3, 4, 5, 6].map((day) => waiting(40 + day, day)),
    waiting(50, 1, attic),
  ])
  await insertPullRequests(db, foreign, [{ ...waiting(99, 1, away), authorId: strangers[0] ?? null }])
  await computeChangedFigures({ db, clock: () => now })
})
afterAll(() => open.close())

const gather = () => gatherWeek(open.db, { organizationId, memberId, range, timeZone: 'UTC', now })

test('a week stands beside the week before, with what got worse and who waits longest', async () => {
  const week = await gather()
  const pickup = week.figures.find(({ metric }) => metric.key === 'pickup_time')
  // Of 2, 4, 6 and 10 hours the median is 5; of 1, 2 and 3 it is 2.
  expect(pickup).toMatchObject({ now: { value: 5 * 3600, n: 4 }, before: { value: 2 * 3600, n: 3 }, isWorse: true })
  expect(week.openPullRequests).toBe(7)
  expect(week.oldest.map(({ number }) => number).slice(2)).toEqual([42, 43, 44])
  expect(hasAnything(week)).toBe(true)
})

test('its words have the figure with n, no data as such, and neither titles nor names', async () => {
  const text = describeWeek(await gather(), { publicUrl: 'https://weir.example', now })
  const said = JSON.stringify(text)
  expect(text.title).toBe('Weir: the week of your organization, 9 March to 15 March 2026')
  expect(said).toContain('Pickup time: 5 h (n = 4), the week before 2 h (n = 3)')
  expect(text.lines.find(({ head }) => head === 'DORA')?.text).toBe('No data in either week.')
  expect(said).toContain('open 15 days')
  expect(said).not.toMatch(/Change \d|Somebody|Stranger|away/)
})

test('a mean time is told as a mean, as everywhere', async () => {
  const incident = (hours: number) => ({
    organization_id: organizationId,
    id: newId(),
    repository_id: shop,
    key: `INC-${hours}`,
    title: 'The till is closed',
    source: 'push' as const,
    began_at: at(10, 8),
    resolved_at: at(10, 8 + hours),
  })
  await open.db.insertInto('incident').values([1, 2, 6].map(incident)).execute()
  const found = (await gather()).figures.find(({ metric }) => metric.key === 'mttr')
  expect(found?.now).toMatchObject({ value: 3 * 3600, n: 3 })
  const deps = { db: open.db, clock: () => now }
  const asked = { organizationId, from: range.from.toISOString(), to: range.to.toISOString() }
  const { items } = await compareDelivery(deps, { ...asked, metric: ['mttr'] })
  expect(items.find(({ id }) => id === shop)?.figures).toMatchObject([{ key: 'mttr', value: 3 * 3600, n: 3 }])
  const median = await compareDelivery(deps, { ...asked, metric: ['mttr'], statistic: 'median' })
  expect(median.items.find(({ id }) => id === shop)?.figures[0]?.value).toBe(2 * 3600)
  await putGoal(open.db, {
    organization_id: organizationId,
    metric_key: 'mttr',
    valid_from: '2026-01-01',
    target: 2.5 * 3600,
    amber: null,
    member_name: 'M',
    set_at: now,
  })
  expect(await getMetric(deps, { ...asked, key: 'mttr' })).toMatchObject({ value: 3 * 3600, rating: 'red' })
  await open.db.deleteFrom('metric_goal').where('organization_id', '=', organizationId).execute()
  await open.db.deleteFrom('incident').where('organization_id', '=', organizationId).execute()
})

test('what is fixed in production is told with how long that took, and nothing of it before there is any', async () => {
  const told = async () => JSON.stringify(describeWeek(await gather(), { publicUrl: 'https://weir.example', now }))
  expect(await told()).not.toContain('Fixed in production')
  const place = { organizationId, repositoryId: shop }
  await insertProduction(open.db, place)
  for (const number of [12, 14, 16]) {
    const seen = { openedAt: at(9, 8), fixedAt: at(11, 8), lastSeenAt: at(10, 8) }
    await insertVulnerability(open.db, { ...place, ...seen, number, thread: number })
  }
  await insertDeployment(open.db, { ...place, completedAt: at(12, 8) })
  while ((await computeChangedDeployments(open)) > 0);
  while ((await followChangedVulnerabilities({ db: open.db, clock: () => now })) > 0);
  const { inProduction } = (await gather()).security
  expect(inProduction).toMatchObject({ now: { value: 3 * 86_400, n: 3 }, before: { value: null, n: 0 } })
  expect(await told()).toContain('Fixed in production: 3, the week before 0')
  expect(await told()).toContain('Median from found to fixed in production: 3 days')
})

test('the goals are those of the organization, as they were that week', async () => {
  const goal = (metric_key: string, valid_from: string, target: number | null) =>
    putGoal(open.db, {
      organization_id: organizationId,
      metric_key,
      valid_from,
      target,
      amber: null,
      member_name: 'M',
      set_at: now,
    })
  await goal('pickup_time', '2026-01-01', 4 * 3600)
  await goal('pickup_time', '2026-03-16', 90 * 3600)
  await goal('pr_throughput', '2026-01-01', 3)
  await goal('rri', '2026-01-01', null)
  const week = await gather()
  const said = JSON.stringify(describeWeek(week, { publicUrl: 'https://weir.example', now }))
  expect(said).toContain('the week before 2 h (n = 3), goal 4 h')
  expect(week.figures.find(({ metric }) => metric.key === 'pr_throughput')).toMatchObject({ target: 3 })
  expect(week.figures.map(({ metric }) => metric.key)).not.toContain('rri')
  await open.db.deleteFrom('metric_goal').where('organization_id', '=', organizationId).execute()
})

test('a member of a team reads about the repositories of it alone, and of fewer than three nothing is shown', async () => {
  const { db } = open
  const [above, below] = [newId(), newId()]
  const made = { created_at: now, updated_at: now, organization_id: organizationId }
  await db
    .insertInto('member')
    .values({
      organization_id: organizationId,
      id: memberId,
      user_id: newId(),
      name: 'M',
      email: 'm@example.com',
      role: 'viewer',
    })
    .execute()
  await db
    .insertInto('team')
    .values([
      { ...made, id: above, name: 'Attic' },
      { ...made, id: below, parent_id: above, name: 'Below' },
    ])
    .execute()
  await db
    .insertInto('team_repository')
    .values({ organization_id: organizationId, team_id: below, repository_id: attic })
    .execute()
  await db
    .updateTable('contributor')
    .set({ member_id: memberId, linked_by: 'person' })
    .where('organization_id', '=', organizationId)
    .where('id', '=', ada)
    .execute()
  const membership = {
    organization_id: organizationId,
    id: newId(),
    team_id: above,
    contributor_id: ada,
    role: 'member' as const,
  }
  await db
    .insertInto('team_member')
    .values({ ...membership, created_at: now })
    .execute()
  const week = await gather()
  expect([week.teams, week.openPullRequests]).toEqual([['Attic'], 1])
  const text = JSON.stringify(describeWeek(week, { publicUrl: 'https://weir.example', now }))
  expect(text).toContain('Pickup time: fewer than 3, not shown (n = 1), the week before no data')
})

describe('a figure', () => {
  const lower = { goal: { direction: 'lower', target: null } } as const
  const aimed = { goal: { direction: 'higher', target: 0.8 } } as const
  it.each([
    [lower, 11, 10, true],
    [lower, 10.9, 10, false],
    [lower, 9, 10, false],
    [lower, 1, 0, true],
    [lower, null, 10, false],
    [lower, 10, null, false],
    [aimed, 0.79, 0.81, true],
    [aimed, 0.75, 0.78, false],
    [aimed, 0.95, 1, false],
    [{ goal: { direction: 'none', target: null } } as const, 20, 10, false],
  ])('%j at %s after %s is worse: %s', (metric, value, before, worse) => {
    expect(isWorse(metric, { now: value, before })).toBe(worse)
  })
})

test('what members without a team are told is worked out once for all of them, and anew for whoever has a team', async () => {
  const statements: string[] = []
  const counted = await openDatabase({ url: open.url }, { onStatement: (text) => statements.push(text) })
  const remember = createRemember({ clock: () => now, ttlMs: 60_000, limit: 10 })
  const tell = async (asked: { memberId: string; remember?: typeof remember }) => {
    statements.length = 0
    const week = await gatherWeek(counted.db, { organizationId, range, timeZone: 'UTC', now, ...asked })
    return { week, count: statements.length }
  }
  const [first, second] = [newId(), newId()]
  const one = await tell({ memberId: first, remember })
  const other = await tell({ memberId: second, remember })
  expect(one.count).toBeGreaterThan(10)
  expect(other.count).toBe(1)
  expect(other.week).toEqual((await tell({ memberId: second })).week)
  // One who has a team with repositories is told of these alone.
  const own = await tell({ memberId, remember })
  expect(own.count).toBeGreaterThan(10)
  expect(own.week.teams).toEqual(['Attic'])
  expect((await tell({ memberId: first, remember })).week.teams).toEqual([])
  await counted.close()
})
