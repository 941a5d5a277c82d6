import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { computeChangedFigures } from '../../src/usecases/delivery/compute-figures.ts'
import { insertDeliveryPlace, insertPullRequests } from '../delivery-facts.ts'
import { asOneStory } from './as-one-story.ts'
import { button, field, heading, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const hourMs = 3600_000

describe('figures leave Weir', () => {
  let world: WeirWorld
  let mara: Person
  let guest: Person
  let link = ''

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn({ colorScheme: 'light' })
    guest = await world.comeIn({ colorScheme: 'light' })
    await setUpWeir(mara.page, world)
    await fill(world)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, guest }))

  test('a member sees what the weekly digest would say, and chooses when it comes', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/notifications`)
    await button(page, 'Preview').click()
    await page.getByText('Pickup time:').first().waitFor()
    const form = page.getByRole('form', { name: 'Weekly digest' })
    await form.getByRole('checkbox', { name: 'E-mail' }).check()
    await form.getByRole('combobox', { name: 'On' }).selectOption('Thursday')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.reload()
    expect(await form.getByRole('checkbox', { name: 'E-mail' }).isChecked()).toBe(true)
    expect(await form.getByRole('combobox', { name: 'On' }).inputValue()).toBe('4')
  })

  test('without a mail server none can be sent now, and the page says why', async () => {
    const { page } = mara
    mara.foresee({ status: 409, path: '/api/v1/weekly-digest/send' })
    await button(page, 'Send me one now').click()
    await page.getByText(/E-mail is off/).waitFor()
  })

  test('an administrator turns public links on and makes one', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/public-links`)
    await page.getByText('No links').waitFor()
    await page.getByRole('switch', { name: 'Public links answer' }).click()
    await button(page, 'New link').click()
    await field(page, 'Name').fill('Flow of the shop')
    await page.getByRole('combobox', { name: 'Shows' }).selectOption('Flow')
    await button(page, 'Make the link').click()
    link = await page.getByText(/\/shared#token=/).innerText()
    await button(page, 'Done').click()
    await page.getByRole('table', { name: 'Public links' }).getByText('Flow of the shop').waitFor()
  })

  test('who has it sees the figures without a login, and no name or title', async () => {
    const { page } = guest
    await page.goto(link)
    await heading(page, 'Flow of the shop').waitFor()
    await page.getByRole('button', { name: /^Pickup time/ }).click()
    await page.getByRole('table', { name: 'What made Pickup time' }).getByText('shop #3').waitFor()
    const shown = await page.locator('body').innerText()
    expect(shown).not.toMatch(/Somebody|Change \d/)
    expect(await judge(page)).toEqual([])
  })

  test('a view is shared as it stands: its own days, teams and hours, which the page of the link says', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/teams`)
    await button(page, 'New team').first().click()
    await field(page.getByRole('dialog'), 'Name').fill('Quay')
    await page.getByRole('dialog').getByRole('button', { name: 'Make the team' }).click()
    await page.getByRole('link', { name: 'Quay', exact: true }).click()
    await heading(page, 'Quay').waitFor()
    const team = page.url().split('/').at(-1) ?? ''
    const { from, to } = { from: dayBefore(20), to: dayBefore(0) }
    await page.goto(`${world.url}/analytics?group=flow&from=${from}&to=${to}&team=${team}&hours=business&statistic=p90`)
    await button(page, 'Share').click()
    await page.getByRole('menuitem', { name: 'Make a public link' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The statistic you chose is not carried along').waitFor()
    expect(await field(dialog, 'From').inputValue()).toBe(from)
    expect(await field(dialog, 'To').inputValue()).toBe(to)
    await field(dialog, 'Name').fill('Flow of the quay')
    expect(await judge(page)).toEqual([])
    await button(dialog, 'Make the link').click()
    await guest.page.goto('about:blank')
    await guest.page.goto(await dialog.getByText(/\/shared#token=/).innerText())
    await heading(guest.page, 'Flow of the quay').waitFor()
    const lead = await guest.page.getByText(/Meadow Goods: Flow/).innerText()
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
    expect(lead).toContain(`${day.format(new Date(from))} to ${day.format(new Date(to))}, all repositories, of Quay`)
    expect(lead).toContain('in team hours only')
    await button(dialog, 'Done').click()
    const row = page.getByRole('table', { name: 'Public links' }).getByRole('row', { name: /^Flow of the quay/ })
    await page.goto(`${world.url}/settings/public-links`)
    await row.getByText(/1 team, in team hours/).waitFor()
  })

  test('where the browser lets nobody copy, the address stands selected in a field', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=flow&days=30`)
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    await button(page, 'Share').click()
    await page.getByRole('menuitem', { name: 'Copy the link to this view' }).click()
    const copy = page.getByRole('dialog', { name: 'Copy it yourself' })
    expect(await field(copy, 'Text to copy').inputValue()).toBe(page.url())
    expect(await page.evaluate<string>('String(getSelection())')).toBe(page.url())
    expect(await judge(page)).toEqual([])
    await page.keyboard.press('Escape')
    await copy.waitFor({ state: 'detached' })
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } })",
    )
    await button(page, 'Share').click()
    await page.getByRole('menuitem', { name: 'Copy the link to this view' }).click()
    await field(copy, 'Text to copy').waitFor()
    await page.goto(`${world.url}/settings/public-links`)
  })

  test('a link that was revoked shows nothing any more, and says so', async () => {
    const { page } = mara
    await button(page, 'Revoke the link Flow of the shop').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke the link' }).click()
    await page.getByText('Revoked').waitFor()
    guest.foresee({ status: 410, path: '/api/v1/public-links/open' })
    await guest.page.goto('about:blank')
    await guest.page.goto(link)
    await guest.page.getByText(/does not show anything/).waitFor()
  })
})

/** What axe finds, and how much wider than a telephone the page is. */
async function judge(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.waitForTimeout(250)
  const wider = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  return wider > 0 ? [...found, `${wider} pixels wider than 390`] : found
}

/** Six pull requests of last week and five of the week before, reviewed and merged. */
async function fill(world: WeirWorld): Promise<void> {
  const { db } = world.weir.database
  const { organization_id: ours } = await db
    .selectFrom('organization')
    .select('organization_id')
    .executeTakeFirstOrThrow()
  const [place, shop, ada, ben] = [newId(), newId(), newId(), newId()]
  await insertDeliveryPlace(db, {
    organizationId: place,
    connectionId: newId(),
    repositories: [{ id: shop, slug: 'shop' }],
    people: [ada, ben].map((id) => ({ id, name: 'Somebody' })),
  })
  for (const table of ['connection', 'repository', 'contributor'] as const) {
    const rows = await db.selectFrom(table).selectAll().where('organization_id', '=', place).execute()
    await db
      .insertInto(table)
      .values(rows.map((row) => ({ ...row, organization_id: ours })))
      .execute()
  }
  const monday = mondayBefore(new Date())
  const pullRequests = Array.from({ length: 11 }, (_, index) => {
    const opened = monday - (index < 6 ? 6 : 12) * 24 * hourMs + index * hourMs
    const at = (hours: number) => new Date(opened + hours * hourMs).toISOString()
    const events = [
      { kind: 'approval' as const, at: at(index + 2), by: ben },
      { kind: 'merged' as const, at: at(index + 4), by: ada },
    ]
    return {
      id: newId(),
      repositoryId: shop,
      number: index + 1,
      authorId: ada,
      openedAt: at(0),
      state: 'merged' as const,
      events,
    }
  })
  await insertPullRequests(db, ours, pullRequests)
  // Not when the worker comes to it: what is previewed at once has to be there.
  while ((await computeChangedFigures({ db, clock: () => new Date() })) > 0);
}

/** A day of the pages' zone, so many before today. */
function dayBefore(days: number): string {
  const at = new Date()
  at.setDate(at.getDate() - days)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

/** Midnight of UTC at which this week began, in milliseconds. */
function mondayBefore(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - ((now.getUTCDay() + 6) % 7))
}
