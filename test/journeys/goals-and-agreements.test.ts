import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { button, setUpWeir } from './entry-steps.ts'
import { judgePage } from './judge-page.ts'
import { settle } from './screens.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('what the organization wants', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn({ colorScheme: 'light' })
    await setUpWeir(mara.page, world)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('a goal is typed in hours, refused where it makes no sense, and kept with who set it', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/goals`)
    await settle(page)
    await page.getByRole('button', { name: 'Change the goal of Pickup time', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Target: at most (hours)').fill('24')
    await dialog.getByLabel('Amber: at most (hours)').fill('12')
    await dialog.getByText('Amber is worse than the target').waitFor()
    await dialog.getByLabel('Amber: at most (hours)').fill('48')
    expect(await judgePage(page)).toEqual([])
    await button(page, 'Set the goal').click()
    const row = page.getByRole('row', { name: /^Pickup time/ })
    await row.getByText('At most 24 h, amber up to 2 days').waitFor()
    await row.getByText(/^By Mara .*, from \d{4}-\d\d-\d\d$/).waitFor()
  })

  test('an agreement is added, not twice, changed and removed', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/agreements`)
    await settle(page)
    await page.getByText('Nothing is agreed on').waitFor()
    await button(page, 'New agreement').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Hours').fill('8')
    await button(page, 'Save').click()
    const table = page.getByRole('table', { name: 'Working agreements' })
    await table.getByText('Everybody').waitFor()
    await button(page, 'New agreement').click()
    await dialog.getByText('This is agreed on there already.').waitFor()
    expect(await judgePage(page)).toEqual([])
    await button(page, 'Cancel').click()
    await table.getByRole('button', { name: /^Change / }).click()
    await dialog.getByLabel('In force').uncheck()
    await button(page, 'Save').click()
    await table.getByText('Off', { exact: true }).waitFor()
    expect(await judgePage(page)).toEqual([])
    await table.getByRole('button', { name: /^Remove / }).click()
    await button(page, 'Remove the agreement').click()
    await page.getByText('Nothing is agreed on').waitFor()
  })
})
