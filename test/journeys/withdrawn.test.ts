import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { comment, openBitbucket, openItem } from './bitbucket-steps.ts'
import { checkConnection, connectBitbucket } from './connection-steps.ts'
import { openDeliveries } from './delivery-steps.ts'
import { button, goTo, heading, setUpWeir } from './entry-steps.ts'
import { report, sent } from './story-reports.ts'
import {
  applyImport,
  chooseReport,
  itemAddress,
  message,
  openChampions,
  openImports,
  openVulnerability,
  sendToBitbucket,
  write,
} from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('a host withdraws its issue tracker', () => {
  let world: WeirWorld
  let mara: Person
  let tomas: Person
  let item = ''

  beforeAll(async () => {
    world = await openWeirWorld({ mode: 'legacy' })
    mara = await world.comeIn()
    tomas = await world.comeIn()
    await setUpWeir(mara.page, world)
    await connectBitbucket(mara.page, world, ['storefront-api'])
    await openBitbucket(tomas.page, world, 'tomas-okoye')
    await openImports(mara.page, 'storefront-api')
    await chooseReport(mara.page, report())
    await applyImport(mara.page)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, tomas }))

  test('while it is there, people speak in an issue', async () => {
    const { page } = mara
    await openVulnerability(page, sent)
    await sendToBitbucket(page, 'Bitbucket issues')
    item = await itemAddress(page)
    await openChampions(page)
    await comment(tomas.page, item, { text: 'Is the preview behind a login?' })
    await message(page, 'Is the preview behind a login?').waitFor()
    await write(page, 'It is open to everybody.')
  })

  test('when it answers that it is gone, nothing is lost, and one banner says what happened', async () => {
    const { page } = mara
    world.simulator.sim.mode = '2026'
    await page.getByRole('textbox', { name: 'New message' }).fill('Please escape both parameters.')
    await button(page, 'Send').click()
    await message(page, 'Please escape both parameters.').getByText('Not sent').waitFor()
    await message(page, 'Is the preview behind a login?').waitFor()
    await checkConnection(page)
    await heading(page, 'Bitbucket has withdrawn its issue tracker').waitFor()
    expect(await page.getByText('1 item and 0 routes still lead there').count()).toBe(1)
  })

  test('everything moves to discussions at a click, and the banner has done its work', async () => {
    const { page } = mara
    await button(page, 'Move to discussions…').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Conversations and histories stay').waitFor()
    await button(dialog, 'Move them').click()
    await page.getByText('1 item moved').waitFor()
    await heading(page, 'Bitbucket has withdrawn its issue tracker').waitFor({ state: 'detached' })
  })

  test('the conversation goes on in the new place, with what could not be sent', async () => {
    const { page } = mara
    await openVulnerability(page, sent)
    // The one that ended stands above it.
    const link = page.getByText('With the developers').locator('..').locator('a[href*="#comment-"]')
    item = (await link.getAttribute('href')) ?? ''
    await openChampions(page)
    await message(page, 'Is the preview behind a login?').waitFor()
    await message(page, 'Please escape both parameters.').getByText('Sent', { exact: true }).waitFor()
    await openItem(tomas.page, item)
    await tomas.page.locator('.prose').getByText('Please escape both parameters.').waitFor()
    await comment(tomas.page, item, { text: 'Both are escaped now.' })
    await message(page, 'Both are escaped now.').waitFor()
  })

  test('the history says where it went, and no delivery is left that failed', async () => {
    const { page } = mara
    await page.getByRole('tab', { name: 'History' }).click()
    await page
      .getByText(/goes on in Bitbucket discussions/)
      .first()
      .waitFor()
    await openDeliveries(page)
    expect(await heading(page, 'Failed for good').count()).toBe(0)
    await goTo(page, 'Integrations')
    await page.getByRole('main').getByText('Working', { exact: true }).first().waitFor()
  })
})
