import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InvestmentRule } from '../../../../contract/delivery/investment.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../../test/delivery-facts.ts'
import { insertVulnerability } from '../../../../test/remediation-facts.ts'
import { matchesPattern } from '../../../domain/delivery/deployments/is-repair.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { replacePullRequestChanges } from '../../../store/delivery/pull-request-changes.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { updateLabelRules } from '../label-rules.ts'
import { getInvestment, getInvestmentRows } from './get-investment.ts'
import { tryInvestmentSettings, updateInvestmentSettings } from './investment-settings.ts'

let open: OpenDatabase
const [organizationId, other, ada, bo] = [newId(), newId(), newId(), newId()]
const [cy, robot, repositoryId] = [newId(), newId(), newId()]
const clock = () => new Date('2026-04-01T00:00:00Z')
const deps = () => ({ db: open.db, clock, newId })
const actor = { kind: 'system' as const, name: 'a test' }
const people = [
  { id: ada, name: 'Ada Quill' },
  { id: bo, name: 'Bo Reed' },
  { id: cy, name: 'Cy Marsh' },
  { id: robot, name: 'Bump Robot', isBot: true },
]

/** Title, and the files it changed; null where they are not known. */
const stated: [string, string[] | null][] = [
  ['Wish: a till', ['web/till.tsx', 'docs/till.md']],
  ['Escape the query', ['src/orders.js']],
  ['Bump the rest', ['package-lock.json', 'Docs/100%_off.md']],
  ['Who knows', null],
]
const ids = stated.map(() => newId())
const events = (at: string): StatedPullRequest['events'] => [
  { kind: 'comment', at: `${at}T09:00:00Z`, by: bo },
  { kind: 'comment', at: `${at}T09:30:00Z`, by: robot },
  { kind: 'approval', at: `${at}T10:30:00Z`, by: cy },
  { kind: 'merged', at: `${at}T23:30:00Z`, by: cy },
]

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  await insertDeliveryPlace(db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'till' }],
    people,
  })
  await db.insertInto('organization').values({ organization_id: other, name: 'Other' }).execute()
  for (const [index, [title, paths]] of stated.entries()) {
    const id = ids[index] ?? ''
    // The first two are worked at on one day, the others on another.
    const day = index < 2 ? '2026-03-03' : '2026-03-10'
    const one = { id, repositoryId, number: index + 1, authorId: ada, openedAt: `${day}T08:00:00Z` }
    await insertPullRequests(db, organizationId, [
      { ...one, state: 'merged', lines: [8, 2], events: events(day) ?? [] },
    ])
    await db.updateTable('pull_request').set({ title }).where('id', '=', id).execute()
    const change = paths === null ? null : { from: undefined, to: 'a'.repeat(40) }
    const found = paths === null ? null : { paths, count: paths.length }
    await replacePullRequestChanges(db, organizationId, [{ id, change, paths: found }])
  }
  const vulnerability_id = await insertVulnerability(db, {
    organizationId,
    repositoryId,
    number: 1,
    openedAt: '2026-03-01T00:00:00Z',
  })
  const link = { organization_id: organizationId, vulnerability_id, pull_request_id: ids[1] ?? '', rules: ['title'] }
  await db.insertInto('remediation_link').values(link).execute()
  await updateLabelRules(deps(), {
    organizationId,
    actor,
    items: [{ label: 'Customer wish', field: 'title', pattern: 'wish*' }],
  })
  await computeChangedFigures({ db, clock })
})
afterAll(async () => open.close())

const ask = (more = {}) =>
  getInvestment(deps(), { organizationId, from: '2026-03-02T00:00:00Z', to: '2026-03-30T00:00:00Z', ...more })
const byDocs: InvestmentRule = { category: 'Writing', field: 'path', pattern: 'docs/*' }
const byWish: InvestmentRule = { category: 'Wishes', field: 'label', pattern: 'customer*' }
const byFix: InvestmentRule = { category: 'Security', field: 'vulnerability', pattern: '*' }

test('a rule looks at labels, at any changed file and at what remedies a vulnerability; the first still wins', async () => {
  const counts = async (...rules: InvestmentRule[]) =>
    (await tryInvestmentSettings(deps(), { organizationId, settings: { rules } })).counts
  expect(await counts(byWish, byFix, byDocs)).toEqual([1, 1, 1])
  expect(await counts(byDocs, byWish, byFix)).toEqual([2, 0, 1])
  expect(await counts({ ...byDocs, pattern: '*100%_off*' }, { ...byDocs, pattern: '*100xyoff*' })).toEqual([1, 0])
  expect(await counts({ ...byWish, pattern: 'other' }, { ...byDocs, pattern: '*' })).toEqual([0, 3])
})

test('what is not known of changed files is told where a rule asks for them, and is in no such category', async () => {
  await updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules: [byWish] } })
  expect((await ask()).without_paths).toBe(0)
  await updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules: [byWish, byFix, byDocs] } })
  expect((await ask()).without_paths).toBe(1)
  const range = { from: '2026-03-02T00:00:00Z', to: '2026-03-30T00:00:00Z' }
  const { items } = await getInvestmentRows(deps(), { organizationId, ...range, uncategorised: 'true' })
  expect(items.map(({ title }) => title)).toEqual(['Who knows'])
})

test('rules follow a label and a link that come and go, at once', async () => {
  const settings = { rules: [byFix] }
  const taken = async () => (await tryInvestmentSettings(deps(), { organizationId, settings })).counts
  expect(await taken()).toEqual([1])
  const link = await open.db.deleteFrom('remediation_link').returningAll().executeTakeFirstOrThrow()
  expect(await taken()).toEqual([0])
  await open.db.insertInto('remediation_link').values(link).execute()
  expect(await taken()).toEqual([1])
})

test('active days are each person’s dates, parted among the categories they were for; programs have none', async () => {
  await updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules: [byWish, byFix, byDocs] } })
  const { active_days, categories } = await ask()
  // 3 March: Ada, Bo and Cy each for a wish and for security, half a day each. 10 March: each for writing and for the rest.
  expect(active_days).toBe(6)
  expect(categories.map((one) => [one.category, one.active_days, one.share_of_active_days])).toEqual([
    ['Wishes', 1.5, 0.25],
    ['Security', 1.5, 0.25],
    ['Writing', 1.5, 0.25],
    [null, 1.5, 0.25],
  ])
  // In Auckland it is half past eleven at night when Cy approves, and the next day when they merge.
  expect((await ask({ time_zone: 'Pacific/Auckland' })).active_days).toBe(8)
  // Bo is Ada: two people, of whom nothing is told.
  await open.db.updateTable('contributor').set({ merged_into: ada }).where('id', '=', bo).execute()
  const merged = await ask()
  expect([merged.active_days, merged.categories[0]?.active_days, merged.categories[0]?.share_of_active_days]).toEqual([
    null,
    null,
    null,
  ])
  await open.db.updateTable('contributor').set({ merged_into: null }).where('id', '=', bo).execute()
})

test('active days of categories add up to all of them, whatever the rules are', async () => {
  const rule = fc.constantFrom(byDocs, byWish, byFix, { ...byDocs, category: 'All', pattern: '*' })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(rule, { maxLength: 4 }), async (rules) => {
      await updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules } })
      const { active_days, categories } = await ask()
      const sum = (of: (one: (typeof categories)[number]) => number | null) =>
        categories.reduce((all, one) => all + (of(one) ?? 0), 0)
      expect(sum((one) => one.active_days)).toBeCloseTo(active_days ?? Number.NaN, 9)
      expect(sum((one) => one.share_of_active_days)).toBeCloseTo(1, 9)
    }),
    { numRuns: 20 },
  )
})

test('SQL takes for a path what the pure rule takes', async () => {
  const pattern = fc
    .string({
      unit: fc.constantFrom('d', 'D', 'o', 'c', 's', '/', '*', '%', '_', '.', 't'),
      minLength: 1,
      maxLength: 6,
    })
    .filter((text) => text.trim() === text)
  await fc.assert(
    fc.asyncProperty(pattern, async (one) => {
      const rules = [{ ...byDocs, pattern: one }]
      const expected = stated.filter(([, paths]) => paths?.some((path) => matchesPattern(path, one)) === true)
      expect((await tryInvestmentSettings(deps(), { organizationId, settings: { rules } })).counts).toEqual([
        expected.length,
      ])
    }),
    { numRuns: 60 },
  )
})

test('a vulnerability has no pattern to be held against', async () => {
  const settings = { rules: [{ ...byFix, pattern: 'critical' }] }
  await expect(updateInvestmentSettings(deps(), { organizationId, actor, settings })).rejects.toMatchObject({
    code: 'validation_failed',
  })
})
