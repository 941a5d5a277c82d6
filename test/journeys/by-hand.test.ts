import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { acceptInvitation, admin, button, champion, field, goTo, heading, invite, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** A whole picture of one pixel. */
const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('a vulnerability that no scanner reports', () => {
  let world: WeirWorld
  let mara: Person
  let devi: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    devi = await world.comeIn({ viewport: { width: 390, height: 844 } })
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, devi }))

  test('a new Weir has no templates; one button brings the starter set', async () => {
    const { page } = mara
    await setUpWeir(page, world)
    const json = { key: 'harbour', name: 'Harbour front', default_branch: 'main' }
    await page.request.post(`${world.url}/api/v1/assets`, { data: json, headers: { origin: world.url } })
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'Templates' }).click()
    await button(page, 'Add the starter set').click()
    await page.getByRole('article', { name: 'SQL injection' }).waitFor()
    expect(await page.getByRole('article').count()).toBe(10)
  })

  test('a template is changed with a look at how it reads', async () => {
    const { page } = mara
    await button(page, 'Edit the template Weak TLS').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Description' }).fill('The **old** protocols of {{asset}}.')
    await dialog.getByText('Preview').first().click()
    expect(await dialog.getByRole('region', { name: 'Description, preview' }).locator('strong').innerText()).toBe('old')
    await button(dialog, 'Save').click()
    await dialog.waitFor({ state: 'detached' })
  })

  test('what is being written survives a reload', async () => {
    const { page } = mara
    await goTo(page, 'Vulnerabilities')
    await page.getByRole('link', { name: 'New vulnerability' }).click()
    await heading(page, 'New vulnerability').waitFor()
    await page.getByRole('combobox', { name: 'Asset' }).click()
    await page.getByRole('option', { name: 'Harbour front' }).click()
    await page.getByRole('combobox', { name: 'Template' }).click()
    await page.getByRole('option', { name: /^Weak TLS/ }).click()
    await page.getByText('Reads: Weak TLS on Harbour front').waitFor()
    await page.reload()
    await page.getByText('Reads: Weak TLS on Harbour front').waitFor()
  })

  test('it is made with the names in its words', async () => {
    const { page } = mara
    await field(page, 'Place').fill('https://harbour.example:443')
    await button(page, 'Make it').click()
    await heading(page, 'Weak TLS on Harbour front').waitFor()
    await page.getByText('The old protocols of Harbour front.').waitFor()
    await page.getByText('A person wrote it down').waitFor()
    await page.getByText('By hand', { exact: true }).waitFor()
  })

  test('a picture is added, shown small, and removed with a line that stays', async () => {
    const { page } = mara
    await page.getByText('Up to 10 MB each, 20 in all').waitFor()
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${dot}'), (letter) => letter.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })()`)
    const files = page.getByRole('list', { name: 'Files' })
    const picture = files.getByRole('img', { name: /^pasted-/ })
    await picture.waitFor()
    const width = `(async (image) => (await image.decode(), image.naturalWidth))(document.querySelector('li img'))`
    expect(await page.evaluate(width)).toBe(1)
    await files.getByRole('button', { name: /^Remove the file pasted-/ }).click()
    await button(page.getByRole('dialog'), 'Remove the file').click()
    await files.getByText(`removed by ${admin.name}`).waitFor()
  })

  test('a developer is not offered the decisions, and asks for one', async () => {
    const address = mara.page.url()
    const link = await invite(mara.page, champion.email, /^Developer/)
    const { page } = devi
    await acceptInvitation(page, link, champion)
    await page.goto(address)
    await button(page, 'Created').click()
    await page.getByText('A champion can accept a risk or declare a false positive').waitFor()
    expect(await page.getByRole('menuitem', { name: /^(Risk accepted|False positive)/ }).count()).toBe(0)
    await page.getByRole('menuitem', { name: 'Ask for risk acceptance…' }).click()
    await page.getByRole('textbox', { name: 'Why' }).fill('The quay closes in May.')
    await button(page, 'Ask the champions').click()
    await page.getByText('The champions were asked').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await mara.page.goto(address)
    await mara.page.getByRole('tab', { name: /Security Champions/ }).click()
    await mara.page.getByText('Notes (1)').click()
    await mara.page.getByText('Asks for risk acceptance:').waitFor()
  })

  test('the champion accepts the risk and gives a file as the reason', async () => {
    const { page } = mara
    await button(page, 'Created').click()
    await page.getByRole('menuitem', { name: /^Risk accepted/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('It closes in May.')
    await dialog.getByLabel('Look at it again on').fill('2099-05-31')
    await dialog.getByLabel('Files to add').setInputFiles({
      name: 'plan.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('closed from June on'),
    })
    await dialog.getByRole('checkbox', { name: /^plan\.txt/ }).check()
    await button(dialog, 'Change to Risk accepted').click()
    await button(page, 'Risk accepted').waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByText('Files given to the decision').waitFor()
    await page.getByText('“It closes in May.”').first().waitFor()
    await page.getByText('Written down by hand').waitFor()
  })
})
