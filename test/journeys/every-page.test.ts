import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people } from '../../scripts/demo/story.ts'
import { asOneStory } from './as-one-story.ts'
import { heading, logIn } from './entry-steps.ts'
import { judgePage } from './judge-page.ts'
import { integrateWays, openIntegrateDialog, playDemoStory, screensOf, settle } from './screens.ts'
import { fillSecurityFlow } from './security-flow-facts.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

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
    expect(await judgePage(page)).toEqual([])
    await logIn(page, people[0])
    await heading(page, 'Overview').waitFor()
  })

  test('no page behind the login has anything for axe in light and dark, and none is wider than 390 pixels', async () => {
    const { page } = mara
    const found: string[] = []
    for (const { name, open } of screensOf(world.url)) {
      await open(page)
      await settle(page)
      for (const problem of await judgePage(page)) found.push(`${name}: ${problem}`)
    }
    expect(found).toEqual([])
  }, 300_000)

  test('nor do the dialogs of Integrate', async () => {
    const { page } = mara
    const found: string[] = []
    for (const way of integrateWays) {
      await openIntegrateDialog(page, world.url, way)
      for (const problem of await judgePage(page)) found.push(`${way}: ${problem}`)
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
