import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people } from '../../scripts/demo/story.ts'
import { asOneStory } from './as-one-story.ts'
import { heading, logIn } from './entry-steps.ts'
import { playDemoStory, settle } from './screens.ts'
import { fillRemovedPlaces, fillSecurityFlow } from './security-flow-facts.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Where pictures are kept, if anywhere. No variable of Weir: the story runs its commands, which know their own. */
const pictures = process.env['JOURNEY_PICTURES']

describe('from found to fixed in production', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    await playDemoStory(world)
    await fillSecurityFlow(world)
    mara = await world.comeIn({ colorScheme: 'light' })
    await mara.page.goto(world.url)
    await logIn(mara.page, people[0])
    await heading(mara.page, 'Overview').waitFor()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 390]) {
        await mara.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await mara.page.setViewportSize({ width, height: 900 })
        await mara.page.waitForTimeout(300)
        await mara.page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true })
      }
    await mara.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await mara.page.setViewportSize({ width: 1280, height: 900 })
  }

  test('analytics shows the stages, exposure by severity and the gap, and opens what made them', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics`)
    await page.getByRole('tab', { name: 'Security flow' }).click()
    await page.getByRole('heading', { name: 'Security pickup gap' }).waitFor()
    await settle(page)
    await page.getByRole('button', { name: /^Security lead time/ }).waitFor()
    await picture('analytics-security')
    const exposure = page.getByRole('table', { name: 'Exposure by severity' })
    await exposure.getByRole('row', { name: /High/ }).getByRole('button').first().click()
    await page.waitForURL(/metric=exposure_window/)
    expect(new URL(page.url()).searchParams.getAll('severity').join()).toContain('high')
    const rows = page.getByRole('table', { name: 'What made Exposure window' })
    const link = rows.getByRole('link').first()
    await link.waitFor()
    expect(await link.getAttribute('href')).toMatch(/^\/vulnerabilities\/[0-9a-f-]{36}\?tab=flow$/)
    await link.click()
    await page.getByRole('heading', { name: 'From found to production' }).waitFor()
  })

  test('a vulnerability shows its way; a pull request is taken away and linked again, by name', async () => {
    const { page } = mara
    const links = page.locator('section', { has: page.getByRole('heading', { name: 'Pull requests that remedy it' }) })
    await links.getByText('Key in the title').waitFor()
    await picture('vulnerability-flow')
    await links.getByRole('button', { name: /^Take away/ }).click()
    await links.getByText(`Taken away by ${people[0].name}`).waitFor()
    await page.getByText('Not in production', { exact: true }).waitFor()
    await picture('vulnerability-flow-taken-away')
    await links.getByRole('button', { name: /^Link again/ }).click()
    await links.getByText('Key in the title').waitFor()
  })

  test('the line that a pull request took away is told, and why another one could not be looked up', async () => {
    const { page } = mara
    await fillRemovedPlaces(world, new URL(page.url()).pathname.split('/').at(-1) ?? '')
    await page.reload()
    const links = page.locator('section', { has: page.getByRole('heading', { name: 'Pull requests that remedy it' }) })
    await links.getByText(/^Key in the title · named by people$/).waitFor()
    await links
      .getByText(/^Pull request #9\d{3} removes line 15 of src\/orders\.js; the scan of c0ffee0 no longer/)
      .waitFor()
    await links.getByText(/^Not looked up, line 40 of .*: the copy of the repository is without this file\.$/).waitFor()
    await picture('vulnerability-flow-places')
  })

  test('one is added by its number; what is none is explained', async () => {
    const { page } = mara
    mara.foresee({ status: 422, path: '/api/v1/vulnerabilities' })
    await page.getByLabel('Add a pull request').fill('the one of Tuesday')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText(/give its number/).waitFor()
    await page.getByLabel('Add a pull request').fill('#9001')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText(`Added by ${people[0].name}`).waitFor()
    expect(await page.getByLabel('Add a pull request').inputValue()).toBe('')
  })
})
