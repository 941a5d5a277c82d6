import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { admin, button, field, goTo, heading, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('a demo is looked at and wiped', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026', isDemo: true })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('every page says that it is a demo', async () => {
    const { page } = mara
    const banner = page.getByRole('region', { name: 'Demo' })
    await banner.getByText('Bitbucket is simulated').waitFor()
    await goTo(page, 'Assets')
    await banner.waitFor()
  })

  test('the wipe asks first, and Cancel leaves everything', async () => {
    const { page } = mara
    await button(page, 'Wipe the demo…').click()
    await button(page.getByRole('dialog'), 'Cancel').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.reload()
    await heading(page, 'Assets').waitFor()
  })

  test('wiped, Weir is as on its first start, and its new token sets it up', async () => {
    const { page } = mara
    await button(page, 'Wipe the demo…').click()
    await button(page.getByRole('dialog'), 'Wipe everything').click()
    await field(page, 'Setup token').waitFor()
    expect(new URL(page.url()).pathname).toBe('/setup')
    const token = world.weir.shownTokens().at(-1) ?? ''
    expect(world.weir.shownTokens()).toHaveLength(2)
    await field(page, 'Setup token').fill(token)
    await field(page, 'Name of the organization').fill('Meadow Goods')
    await button(page, 'Continue').click()
    await field(page, 'Your name').fill(admin.name)
    await field(page, 'E-mail').fill(admin.email)
    await field(page, 'Password').fill(admin.password)
    await button(page, 'Make the organization').click()
    await heading(page, 'Overview').waitFor()
  })
})
