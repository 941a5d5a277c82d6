import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people } from '../../scripts/demo/story.ts'
import { asOneStory } from './as-one-story.ts'
import { heading, logIn } from './entry-steps.ts'
import { integrateWays, openIntegrateDialog, playDemoStory, screensOf, settle } from './screens.ts'
import { fillSecurityFlow } from './security-flow-facts.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Everything axe knows in light; in dark, which changes colours alone, its rules about colour. */
const rulesOf = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] } as const

/** What axe finds, one line a violation with the places. */
async function findViolations(page: Page, rules: readonly string[] | undefined): Promise<string[]> {
  // Nothing of Weir lies in frames, so the page can be judged in one go.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules === undefined ? builder : builder.withRules([...rules])).analyze()
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`).join(', ')}`,
  )
}

/** Colours and widths have changed after this long, also where they change gradually. */
const repaintMs = 250

/** Pixels by which the document is wider than the window. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

describe('every page, filled by the whole story', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    await playDemoStory(world)
    await fillSecurityFlow(world)
    mara = await world.comeIn({ colorScheme: 'light' })
    await mara.page.goto(world.url)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('the login has nothing for axe in light and dark, and fits 390 pixels', async () => {
    const { page } = mara
    await heading(page, 'Log in to Weir').waitFor()
    expect(await judge(page)).toEqual([])
    await logIn(page, people[0])
    await heading(page, 'Overview').waitFor()
  })

  test('no page behind the login has anything for axe in light and dark, and none is wider than 390 pixels', async () => {
    const { page } = mara
    const found: string[] = []
    for (const { name, open } of screensOf(world.url)) {
      await open(page)
      await settle(page)
      for (const problem of await judge(page)) found.push(`${name}: ${problem}`)
    }
    expect(found).toEqual([])
  }, 300_000)

  test('nor do the dialogs of Integrate', async () => {
    const { page } = mara
    const found: string[] = []
    for (const way of integrateWays) {
      await openIntegrateDialog(page, world.url, way)
      for (const problem of await judge(page)) found.push(`${way}: ${problem}`)
    }
    expect(found).toEqual([])
  })

  test.each([
    ['vulnerabilities', 'vulnerability'],
    ['assets', 'asset'],
    ['imports', 'import'],
    ['integrations/connections', 'connection'],
  ])('an address under %s that cannot be one says that there is no such %s', async (path, what) => {
    const { page } = mara
    mara.foresee({ status: 422, path: '/api/v1/' })
    await page.goto(`${world.url}/${path}/garbage`)
    await heading(page, `This ${what} does not exist`).waitFor()
  })

  test('a page that does not exist says so and leads back', async () => {
    const { page } = mara
    await page.goto(`${world.url}/nowhere`)
    await page.getByRole('link', { name: 'Go to the overview' }).click()
    await heading(page, 'Overview').waitFor()
  })
})

/** Looks at the page as it stands: both themes by axe, then as narrow as a telephone. */
async function judge(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    await page.waitForTimeout(repaintMs)
    found.push(...(await findViolations(page, rulesOf[colorScheme])).map((text) => `${colorScheme}: ${text}`))
  }
  const wide = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.waitForTimeout(repaintMs)
  const overflow = await overflowOf(page)
  if (overflow > 0) found.push(`${overflow} pixels wider than 390`)
  if (wide !== null) await page.setViewportSize(wide)
  return found
}
