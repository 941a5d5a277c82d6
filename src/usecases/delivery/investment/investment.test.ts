import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InvestmentRule } from '../../../../contract/delivery/investment.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, toRow } from '../../../../test/delivery-facts.ts'
import { matchesPattern } from '../../../domain/delivery/deployments/is-repair.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { getInvestment, getInvestmentRows } from './get-investment.ts'
import { tryInvestmentSettings, updateInvestmentSettings } from './investment-settings.ts'

let open: OpenDatabase
const [organizationId, other, ada, robot] = [newId(), newId(), newId(), newId()]
const repositories = [
  { id: newId(), slug: 'storefront-api' },
  { id: newId(), slug: 'warehouse' },
]
const people = [
  { id: ada, name: 'Ada Quill' },
  { id: robot, name: 'Bump Robot', isBot: true },
]
const clock = () => new Date('2026-04-01T00:00:00Z')
const deps = () => ({ db: open.db, clock, newId })
const actor = { kind: 'system' as const, name: 'a test' }

/** Branch, title, repository, lines, author. */
const stated: [string | null, string, number, [number, number] | null, string][] = [
  ['feature/till', 'A new till', 0, [90, 10], ada],
  ['bugfix/till', 'Fix the till', 0, [10, 0], ada],
  ['work', 'FIX: prices', 0, null, ada],
  ['chore/deps', 'Fix dependencies', 1, [5, 5], ada],
  [null, 'Who knows', 0, [20, 10], ada],
  ['50%_off', 'A sale', 0, [50, 0], ada],
  ['feature/bump', 'Bump', 0, [1, 1], robot],
]
const rules: InvestmentRule[] = [
  { category: 'Features', field: 'branch', pattern: 'feature/*' },
  { category: 'Upkeep', field: 'repository', pattern: 'Warehouse' },
  { category: 'Repairs', field: 'branch', pattern: 'bugfix/*' },
  { category: 'Repairs', field: 'title', pattern: 'fix*' },
  { category: 'Sales', field: 'branch', pattern: '50%_off' },
]

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  for (const id of [organizationId, other])
    await insertDeliveryPlace(db, { organizationId: id, connectionId: newId(), repositories, people })
  for (const [index, [branch, title, place, lines, authorId]] of stated.entries()) {
    const day = `2026-03-${String(index * 3 + 2).padStart(2, '0')}`
    const events = [{ kind: 'merged' as const, at: `${day}T12:00:00Z`, by: ada }]
    const one = {
      id: newId(),
      repositoryId: repositories[place]?.id ?? '',
      number: index + 1,
      authorId,
      openedAt: `${day}T08:00:00Z`,
      state: 'merged' as const,
      ...(lines !== null && { lines }),
      events,
    }
    for (const id of [organizationId, other]) await insertPullRequests(db, id, [one])
    await db
      .updateTable('pull_request')
      .set({ ...toRow(organizationId, one), title, source_branch: branch })
      .where('organization_id', '=', organizationId)
      .where('id', '=', one.id)
      .execute()
  }
  await computeChangedFigures({ db, clock })
})
afterAll(async () => open.close())

/** One person's days are nobody's business. */
const tooFew = { active_days: null, share_of_active_days: null }
const ask = (more = {}) =>
  getInvestment(deps(), { organizationId, from: '2026-03-02T00:00:00Z', to: '2026-03-30T00:00:00Z', ...more })

test('without rules everything is uncategorised, and is not hidden', async () => {
  const { total, has_rules, categories } = await ask()
  expect([total, has_rules]).toEqual([6, false])
  expect(categories).toEqual([
    { category: null, pull_requests: 6, lines: 200, unsized: 1, share: 1, share_of_lines: 1, ...tooFew },
  ])
})

test('a trial says what each rule would take, and changes nothing', async () => {
  const trial = await tryInvestmentSettings(deps(), { organizationId, settings: { rules } })
  expect(trial).toEqual({ counts: [1, 1, 1, 1, 1], uncategorised: 1, total: 6 })
  expect((await ask()).has_rules).toBe(false)
})

test('the first rule that fits says the category; shares are of pull requests and of known lines', async () => {
  await updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules } })
  const { categories, excluded, buckets } = await ask()
  // Lines: 100, 10, 10 and 50 of 200; the size of “FIX: prices” is unknown.
  expect(categories).toEqual([
    { category: 'Features', pull_requests: 1, lines: 100, unsized: 0, share: 1 / 6, share_of_lines: 0.5, ...tooFew },
    { category: 'Upkeep', pull_requests: 1, lines: 10, unsized: 0, share: 1 / 6, share_of_lines: 0.05, ...tooFew },
    { category: 'Repairs', pull_requests: 2, lines: 10, unsized: 1, share: 1 / 3, share_of_lines: 0.05, ...tooFew },
    { category: 'Sales', pull_requests: 1, lines: 50, unsized: 0, share: 1 / 6, share_of_lines: 0.25, ...tooFew },
    { category: null, pull_requests: 1, lines: 30, unsized: 0, share: 1 / 6, share_of_lines: 0.15, ...tooFew },
  ])
  expect(excluded).toEqual([{ reason: 'bot_author', count: 1 }])
  // Weeks from 2, 9, 16 and 23 March; merged on 2, 5, 8, 11, 14 and 17.
  expect(buckets.map(({ counts }) => counts)).toEqual([
    [1, 0, 2, 0, 0],
    [0, 1, 0, 0, 1],
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0],
  ])
})

test('the rows behind a category are as many as it counts, and the other organization sees none of the rules', async () => {
  const rowsOf = async (more: object) =>
    await getInvestmentRows(deps(), {
      organizationId,
      from: '2026-03-02T00:00:00Z',
      to: '2026-03-30T00:00:00Z',
      ...more,
    })
  expect((await rowsOf({ category: 'Repairs' })).items.map(({ title }) => title)).toEqual([
    'FIX: prices',
    'Fix the till',
  ])
  expect((await rowsOf({ uncategorised: 'true' })).items.map(({ title, category }) => [title, category])).toEqual([
    ['Who knows', null],
  ])
  expect((await rowsOf({ category: 'Nothing such' })).items).toEqual([])
  const first = await rowsOf({ limit: 4 })
  const second = await rowsOf({ limit: 4, cursor: first.next ?? '' })
  expect([...first.items, ...second.items]).toEqual((await rowsOf({})).items)
  expect((await ask({ organizationId: other })).categories).toHaveLength(1)
})

test('two rules against the same, and patterns of many stars, are refused', async () => {
  const save = (some: InvestmentRule[]) =>
    updateInvestmentSettings(deps(), { organizationId, actor, settings: { rules: some } })
  const [first] = rules
  const twice = { category: 'Others', field: 'branch', pattern: 'FEATURE/*' } as const
  await expect(save(first === undefined ? [] : [first, twice])).rejects.toMatchObject({ code: 'validation_failed' })
  const stars = { category: 'Others', field: 'title', pattern: 'a*'.repeat(11) } as const
  await expect(save([stars])).rejects.toMatchObject({ code: 'validation_failed' })
})

test('SQL takes the rule that the pure rule takes, whatever patterns there are', async () => {
  const letter = fc.constantFrom('a', 'F', 'f', 'i', 'x', '/', '%', '_', '*', ' ')
  const pattern = fc.string({ unit: letter, minLength: 1, maxLength: 6 }).filter((text) => text.trim() === text)
  const rule = fc.record({
    category: fc.constantFrom('One', 'Two'),
    field: fc.constantFrom('branch' as const, 'title' as const),
    pattern,
  })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(rule, {
        selector: (one) => `${one.field} ${one.pattern.toLowerCase().replaceAll(/\*+/g, '*')}`,
        maxLength: 4,
      }),
      async (some) => {
        const trial = await tryInvestmentSettings(deps(), { organizationId, settings: { rules: some } })
        const first = stated
          .filter(([, , , , author]) => author === ada)
          .map(([branch, title]) =>
            some.findIndex(({ field, pattern: one }) => {
              const text = field === 'branch' ? branch : title
              return text !== null && matchesPattern(text, one)
            }),
          )
        expect(trial.counts).toEqual(some.map((_, index) => first.filter((found) => found === index).length))
      },
    ),
    { numRuns: 60 },
  )
})
