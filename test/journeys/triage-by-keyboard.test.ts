import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNewId } from '../../src/lib/ids.ts'
import { asOneStory } from './as-one-story.ts'
import { setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const amount = 200
const newId = createNewId()

async function fill(world: WeirWorld): Promise<void> {
  const { db } = world.weir.database
  const { organization_id } = await db.selectFrom('organization').select('organization_id').executeTakeFirstOrThrow()
  const asset_id = newId()
  const asset = { organization_id, id: asset_id, key: 'quay', name: 'Quay', default_branch: 'main' }
  await db.insertInto('asset').values(asset).execute()
  const rows = Array.from({ length: amount }, (_, index) => ({
    organization_id,
    id: newId(),
    number: index + 1,
    asset_id,
    branch: 'main',
    title: `Door ${index + 1} stands open`,
    severity: 'high' as const,
    severity_source: 'tool' as const,
    scanner: 'Lantern',
    rule_id: 'open-door',
    path: `src/doors/door-${index + 1}.ts`,
    line: index + 1,
    status: 'identified' as const,
    opened_at: new Date(),
    last_seen_at: new Date(),
  }))
  await db.insertInto('vulnerability').values(rows).execute()
}

async function press(page: Page, key: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) await page.keyboard.press(key)
}

/** The number before a status in the dialog, as somebody reads it there. */
async function chooseStatus(page: Page, status: string): Promise<void> {
  await press(page, 's')
  const dialog = page.getByRole('dialog', { name: /^Status of/ })
  const number = await dialog.getByRole('button', { name: status }).locator('kbd').innerText()
  await press(page, number)
  await dialog.waitFor({ state: 'detached' })
}

const row = (page: Page, number: number) =>
  page.getByRole('table', { name: 'Vulnerabilities' }).getByRole('row', { name: `Door ${number} stands open` })

/** Steps on until this row is the one the keys stand on. */
async function walkTo(page: Page, number: number): Promise<void> {
  for (let steps = 0; steps < amount; steps += 1) {
    const current = await page.locator('[data-current] .tabular').first().innerText()
    if (current === `#${number}`) return
    await press(page, 'j')
  }
  throw new Error(`The keys never came to #${number}.`)
}

describe('triage of two hundred vulnerabilities by keys alone', () => {
  let world: WeirWorld
  let mara: Person
  const count = async (where: ReturnType<typeof sql>) => {
    const found = await sql<{ count: number }>`select count(*) from vulnerability where ${where}`.execute(
      world.weir.database.db,
    )
    return found.rows[0]?.count
  }
  const until = async (where: ReturnType<typeof sql>, wanted: number) =>
    vi.waitFor(async () => expect(await count(where)).toBe(wanted), { timeout: 20_000, interval: 100 })

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    await fill(world)
    await mara.page.goto(`${world.url}/vulnerabilities?sort=number`)
    await row(mara.page, 1).waitFor()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('one after the other: a status, then the next row by itself; assigned to me', async () => {
    const { page } = mara
    await press(page, 'j')
    await chooseStatus(page, 'In progress')
    await row(page, 1).getByText('In progress').waitFor()
    await press(page, 'm')
    await until(sql`number = 2 and assignee_member_id is not null`, 1)
    expect(await page.locator('[data-current] .tabular').first().innerText()).toBe('#3')
  })

  test('a range that reaches beyond the first page gets its tag and its status at once', async () => {
    const { page } = mara
    await press(page, 'x')
    await walkTo(page, 102)
    await press(page, 'X')
    await page.getByText('100 selected').waitFor()
    await press(page, 't')
    const tags = page.getByRole('dialog')
    await tags
      .getByRole('combobox', { name: 'Add' })
      .or(tags.getByRole('textbox', { name: 'Add' }))
      .waitFor()
    await page.keyboard.type('doors')
    await press(page, 'Enter')
    await tags.getByText('100 of 100 vulnerabilities will change.').or(tags.getByText('will change')).waitFor()
    await press(page, 'Tab', 3)
    await press(page, 'Enter')
    await until(sql`tags @> array['doors']`, 100)
  })

  test('the rest is decided with a reason, and nothing is left', async () => {
    const { page } = mara
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await walkTo(page, 102)
    await press(page, 'j')
    await press(page, 'x')
    await walkTo(page, 200)
    await press(page, 'X')
    await page.getByText('98 selected').waitFor()
    await chooseStatus(page, 'False positive')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).waitFor()
    await page.keyboard.type('These doors lead nowhere.')
    await press(page, 'Tab', 2)
    await press(page, 'Enter')
    await until(sql`status = 'false_positive'`, 98)
  })
})
