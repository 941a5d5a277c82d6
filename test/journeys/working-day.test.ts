import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { placesOf, toSarif } from '../../scripts/demo/reports.ts'
import { asOneStory } from './as-one-story.ts'
import { admin, button, field, goTo, heading, logIn, logOut, setUpWeir } from './entry-steps.ts'
import { applyImport, chooseReport, openChampions, openImports, openVulnerability, row } from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const title = 'Product preview writes a query parameter into HTML'
const draft = 'Half a thought about the preview'
const renewed = 'the heron stands very still'

describe('a working day: by keys, several at once, and interrupted', () => {
  let world: WeirWorld
  let mara: Person
  let elsewhere: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    elsewhere = await world.comeIn()
    await setUpWeir(mara.page, world)
    await makeAsset()
    await openImports(mara.page, 'Storefront')
    await chooseReport(mara.page, { name: 'a.sarif', text: toSarif(placesOf('storefront-api'), 'a'.repeat(40)) })
    await applyImport(mara.page)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, elsewhere }))

  test('an API token is shown once, works, and is refused after it was revoked', async () => {
    const { page } = mara
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'API tokens' }).click()
    await button(page, 'New token').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Name').fill('nightly scan')
    await dialog.getByRole('checkbox', { name: /^read/ }).check()
    await button(dialog, 'Make the token').click()
    const token = (await dialog.locator('pre').innerText()).trim()
    await button(dialog, 'Done').click()
    expect(await askWith(token)).toBe(200)
    await page.reload()
    await page.getByRole('table', { name: 'API tokens' }).getByText('nightly scan').waitFor()
    expect(await page.content()).not.toContain(token)
    await button(page, 'Revoke the token nightly scan').click()
    await button(page.getByRole('dialog'), 'Revoke the token').click()
    await heading(page, 'No tokens').waitFor()
    expect(await askWith(token)).toBe(401)
  })

  test('a session that ended elsewhere leads to the login, back to the same page, and the draft is there', async () => {
    const { page } = mara
    await openVulnerability(page, title)
    await openChampions(page)
    await page.getByRole('textbox', { name: 'New message' }).fill(draft)
    mara.foresee({ status: 401, path: '/api/v1' })
    await elsewhere.page.goto(world.url)
    await logIn(elsewhere.page, admin)
    await changePassword(elsewhere, { from: admin.password, to: renewed })
    await heading(page, 'Log in to Weir').waitFor()
    await logIn(page, { email: admin.email, password: renewed })
    await heading(page, title).waitFor()
    expect(await page.getByRole('textbox', { name: 'New message' }).inputValue()).toBe(draft)
  })

  test('a server that went away is told, and the page recovers by itself', async () => {
    const { page } = mara
    for (const person of [mara, elsewhere]) {
      person.foreseeLoss()
      person.foresee({ status: 503, path: '/api/v1' })
    }
    await world.stopWeir()
    await page.getByText('Weir cannot be reached. Trying again').waitFor()
    await button(page, 'Send').click()
    await page.getByRole('alert').getByText('Weir cannot be reached').waitFor()
    expect(await page.getByRole('textbox', { name: 'New message' }).inputValue()).toBe(draft)
    await world.startWeir()
    await page.getByText('Weir cannot be reached. Trying again').waitFor({ state: 'detached' })
    await button(page, 'Send').click()
    await page.getByRole('log', { name: 'Messages' }).getByText(draft).waitFor()
    expect(await page.getByRole('log', { name: 'Messages' }).getByText(draft).count()).toBe(1)
  })

  test('logging out leaves no draft in the browser', async () => {
    const { page } = mara
    await page.getByRole('textbox', { name: 'New message' }).fill(draft)
    expect(await storedKeys(page)).toContainEqual(expect.stringContaining('weir:draft:'))
    await logOut(page)
    expect(await storedKeys(page)).not.toContainEqual(expect.stringContaining('weir:draft:'))
    await logIn(page, { email: admin.email, password: renewed })
    await heading(page, 'Overview').waitFor()
  })

  test('keys walk the list and, on a vulnerability, its neighbours; nothing while somebody types', async () => {
    const { page } = mara
    await goTo(page, 'Vulnerabilities')
    await page.getByRole('button', { name: /^High/ }).click()
    await row(page, 'Order search').waitFor({ state: 'detached' })
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('navigation', { name: 'In the list' }).getByText(/^2 of/).waitFor()
    const second = page.url()
    await page.keyboard.press('j')
    await page.getByRole('navigation', { name: 'In the list' }).getByText(/^3 of/).waitFor()
    await page.keyboard.press('k')
    await page.waitForURL(second)
    await openChampions(page)
    await page.getByRole('textbox', { name: 'New message' }).pressSequentially('jk?u')
    expect(await page.getByRole('textbox', { name: 'New message' }).inputValue()).toBe('jk?u')
    expect(page.url()).toContain(second)
    await page.getByRole('textbox', { name: 'New message' }).fill('')
    await page.getByRole('tab', { name: 'History' }).click()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Next in the list').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('u')
    await heading(page, 'Vulnerabilities').waitFor()
    expect(page.url()).toContain('severity=high')
  })

  test('the palette finds by name and by a pasted address, and Enter opens the first', async () => {
    const { page } = mara
    const box = page.getByRole('textbox', { name: 'Search and go to' })
    await page.keyboard.press('Control+k')
    await box.fill('polic')
    await page.keyboard.press('Enter')
    await heading(page, 'Policies').waitFor()
    await goTo(page, 'Vulnerabilities')
    const address = await row(page, title).getByRole('link', { name: title }).getAttribute('href')
    await page.keyboard.press('Control+k')
    await box.fill(`${world.url}${address}`)
    await page.getByRole('dialog').getByText(title).waitFor()
    await page.keyboard.press('Enter')
    await heading(page, title).waitFor()
    await goTo(page, 'Vulnerabilities')
    await page.getByRole('searchbox', { name: 'Search vulnerabilities' }).fill(`${world.url}${address}`)
    await heading(page, title).waitFor()
    await goTo(page, 'Vulnerabilities')
  })

  test('several are decided at once with one reason; those the move is not open to are named first', async () => {
    const { page } = mara
    await row(page, 'Order search').getByRole('checkbox').check()
    await row(page, 'Image proxy').getByRole('checkbox').check()
    await row(page, 'Passwords hashed')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] })
    const bar = page.getByRole('region', { name: 'Selected vulnerabilities' })
    expect(Number.parseInt(await bar.innerText(), 10)).toBeGreaterThan(2)
    await page.keyboard.press('Escape')
    await bar.waitFor({ state: 'detached' })
    await row(page, 'Order search').getByRole('checkbox').check()
    await row(page, 'Image proxy').getByRole('checkbox').check()
    await button(bar, 'Change status').click()
    await page.getByRole('menuitem', { name: /^False positive/ }).click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Reason').fill('Both only run in tests')
    await dialog.getByText('2 of 2 vulnerabilities will change.').waitFor()
    await button(dialog, 'Change to False positive').click()
    const toasts = page.getByRole('region', { name: 'Bulk changes' })
    await toasts.getByText('2 of 2 changed.').waitFor()
    await toasts.getByRole('button', { name: 'Close' }).click()
    await row(page, 'Order search').waitFor({ state: 'detached' })
    await page.getByText('All', { exact: true }).click()
    await row(page, 'Order search').getByText('False positive').waitFor()
    await row(page, 'Order search').getByRole('checkbox').check()
    await row(page, title).getByRole('checkbox').check()
    await button(bar, 'Change status').click()
    await page.getByRole('menuitem', { name: /^In progress/ }).click()
    await dialog.getByText('Left as they are: 1.').waitFor()
    await dialog.getByText('1: From "false positive" there is no move to "in progress" for you.').waitFor()
    await button(dialog, 'Change to In progress').click()
    await toasts.getByText('1 of 2 changed, 1 refused.').waitFor()
    await toasts.getByRole('button', { name: 'Close' }).click()
    await row(page, title).getByText('In progress').waitFor()
  })

  test('names as long as they may be do not widen a page at 390 pixels', async () => {
    const { page } = mara
    const name = `Überlange-${'a'.repeat(170)} 🧂 שלום`
    const asset = await page.request.post(`${world.url}/api/v1/assets`, {
      headers: { origin: world.url },
      data: { key: `long-${'k'.repeat(90)}`, name, default_branch: `release/${'b'.repeat(200)}` },
    })
    expect(asset.status()).toBe(201)
    const { id, key } = Object(await asset.json())
    await page.goto(`${world.url}/assets/${id}?tab=imports`)
    await chooseReport(page, {
      name: `${'c'.repeat(200)}.sarif`,
      text: toSarif(placesOf('storefront-api'), 'a'.repeat(40)),
    })
    await applyImport(page)
    await page.setViewportSize({ width: 390, height: 844 })
    const addresses = [page.url(), `${world.url}/assets/${id}`, `${world.url}/assets?q=${key}`]
    await page.goto(`${world.url}/vulnerabilities?asset_id=${id}`)
    await row(page, title).getByRole('link').first().click()
    await heading(page, title).waitFor()
    for (const address of [page.url(), ...addresses]) {
      await page.goto(address)
      await page.getByText('Überlange-').first().waitFor()
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), address).toBe(390)
    }
  })

  async function makeAsset(): Promise<void> {
    const { page } = mara
    await goTo(page, 'Assets')
    await button(page, 'New asset').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Name').fill('Storefront')
    await field(dialog, 'Key').fill('storefront')
    await dialog.getByRole('button', { name: /^Make/ }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  async function askWith(token: string): Promise<number> {
    const answer = await fetch(`${world.url}/api/v1/vulnerabilities?limit=1`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return answer.status
  }
})

async function changePassword({ page }: Person, { from, to }: { from: string; to: string }): Promise<void> {
  await goTo(page, 'Settings')
  await page.getByRole('link', { name: 'Password' }).click()
  await field(page, 'Current password').fill(from)
  await field(page, 'New password').fill(to)
  await button(page, 'Change the password').click()
  await page.getByText('Password changed. Every other session has ended.').waitFor()
}

async function storedKeys(page: Person['page']): Promise<string[]> {
  return await page.evaluate<string[]>('Object.keys(localStorage)')
}
