import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sarifOf } from '../../src/usecases/security/imports/import.fixture.ts'
import { asOneStory } from './as-one-story.ts'
import { button, field, goTo, heading, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('where vulnerabilities go', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  const rowOf = (page: Page, asset: string) =>
    page.getByRole('table', { name: 'Where assets go' }).getByRole('row').filter({ hasText: asset })

  test('without a route the page says what each asset gets, why, and what stands in the way', async () => {
    const { page } = mara
    await setUpWeir(page, world)
    for (const [key, name] of [
      ['harbour', 'Harbour front'],
      ['quay', 'Quay'],
    ]) {
      const data = { key, name, default_branch: 'main' }
      const made = await page.request.post(`${world.url}/api/v1/assets`, { data, headers: { origin: world.url } })
      expect(made.status()).toBe(201)
    }
    await goTo(page, 'Routes')
    await heading(page, 'No route yet').waitFor()
    await rowOf(page, 'Quay').getByText('No route: what its repository has').waitFor()
    await rowOf(page, 'Quay').getByText('The asset Quay has no repository').waitFor()
  })

  test('the default route holds for every asset, the one of an asset for itself', async () => {
    const { page } = mara
    await button(page, 'Make the first route').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Tracker').selectOption('Bitbucket issues')
    await field(dialog, 'High').selectOption('Blocker')
    await button(dialog, 'Make the route').click()
    await heading(page, 'Default').waitFor()
    await rowOf(page, 'Quay').getByText('The default route').waitFor()
    await rowOf(page, 'Harbour front').getByText('The default route').waitFor()

    await button(page, 'Set a route of Quay').click()
    await field(dialog, 'Tracker').selectOption('Bitbucket discussions')
    await button(dialog, 'Make the route').click()
    await heading(page, 'Quay').waitFor()
    await rowOf(page, 'Quay').getByText('Its own route').waitFor()
    await rowOf(page, 'Harbour front').getByText('The default route').waitFor()
  })

  test('a route is opened again with the settings it was given, and a second one for the place is refused', async () => {
    const { page } = mara
    mara.foresee({ status: 409, path: '/api/v1/routes' })
    await button(page, 'Edit the route of every asset').click()
    const dialog = page.getByRole('dialog')
    expect(await field(dialog, 'High').inputValue()).toBe('blocker')
    await button(dialog, 'Cancel').click()
    await button(page, 'New route').click()
    await button(dialog, 'Make the route').click()
    await dialog.getByText('There is a default route already: change that one.').waitFor()
    await button(dialog, 'Cancel').click()
  })

  test('what states mean is chosen from those the tracker has, and what the route says is there again', async () => {
    const { page } = mara
    await button(page, 'Edit the route of every asset').click()
    const dialog = page.getByRole('dialog')
    await button(dialog, 'Change what states mean').click()
    await field(dialog, 'Fixed').selectOption('Closed')
    await field(dialog, 'Wontfix, there').selectOption('Risk accepted')
    await field(dialog, 'Who decides there').selectOption('Members who may decide')
    await button(dialog, 'Save').click()
    await dialog.waitFor({ state: 'detached' })
    await button(page, 'Edit the route of every asset').click()
    await dialog.getByText('Changed by this route: 2 states.').waitFor()
    expect(await field(dialog, 'Fixed').inputValue()).toBe('state:closed')
    expect(await field(dialog, 'Wontfix, there').inputValue()).toBe('risk_accepted')
    expect(await field(dialog, 'Risk accepted for, in days').inputValue()).toBe('90')
    await button(dialog, 'Cancel').click()
  })

  test('each time a route is saved, its items are compared with what it says', async () => {
    const { page } = mara
    const dialog = page.getByRole('dialog')
    for (const state of ['Resolved', 'Closed']) {
      await button(page, 'Edit the route of every asset').click()
      await field(dialog, 'Fixed').selectOption(state)
      const compared = page.waitForResponse((response) => response.url().endsWith('/unaligned'))
      await button(dialog, 'Save').click()
      await compared
      await dialog.waitFor({ state: 'detached' })
    }
  })

  test('what is sent has templates with a preview; one that asks for what there is not cannot be saved', async () => {
    const { page } = mara
    const report = sarifOf([{ rule: 'open-door', file: 'src/door.ts', line: 3, text: 'The door is open' }])
    const made = await page.request.post(`${world.url}/api/v1/imports?asset=quay&file_name=doors.sarif`, {
      headers: { origin: world.url, 'content-type': 'application/json' },
      data: report,
    })
    expect(made.status()).toBe(201)
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'What is sent' }).click()
    await field(page, 'Title').fill('{{owner}}: {{title}}')
    await page.getByText('There is no placeholder {{owner}}.').waitFor()
    expect(await button(page, 'Save').isDisabled()).toBe(true)
    await field(page, 'Title').fill('{{asset}}: {{title}} in {{path}}')
    await page
      .getByRole('region', { name: 'Preview on WEIR-1' })
      .getByText(/^Quay: .* in src\/door\.ts$/)
      .waitFor()
    await button(page, 'Save').click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await goTo(page, 'Routes')
  })

  test('the table is searched, and a removed route gives way to the next', async () => {
    const { page } = mara
    await page.getByRole('searchbox', { name: 'Search assets' }).fill('quay')
    await rowOf(page, 'Harbour front').waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('q')).toBe('quay')
    await button(page, 'Remove the route of Quay').click()
    await button(page.getByRole('dialog'), 'Remove the route').click()
    await rowOf(page, 'Quay').getByText('The default route').waitFor()
  })
})
