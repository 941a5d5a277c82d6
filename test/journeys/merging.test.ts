import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sarifOf } from '../../src/usecases/security/imports/import.fixture.ts'
import { asOneStory } from './as-one-story.ts'
import { button, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('two that are one, and one that is two', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('two are merged on the page of one', async () => {
    const { page } = mara
    await setUpWeir(page, world)
    const headers = { origin: world.url }
    const json = { key: 'harbour', name: 'Harbour front', default_branch: 'main' }
    await page.request.post(`${world.url}/api/v1/assets`, { data: json, headers })
    const data = sarifOf([
      { file: 'src/gate.ts', line: 10, snippet: 'gate.open()' },
      { file: 'src/lock.ts', line: 20, snippet: 'lock.open()' },
    ])
    const imported = await page.request.post(`${world.url}/api/v1/imports?asset=harbour`, {
      data,
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(imported.status()).toBe(201)
    const listed = await page.request.get(`${world.url}/api/v1/vulnerabilities`)
    const { items } = await listed.json()
    await page.goto(`${world.url}/vulnerabilities/${items[0].id}`)
    await button(page, 'Merge with…').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox').first().check()
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The same door, seen twice')
    await button(dialog, 'Merge 1 vulnerability').click()
    await page.getByText('2 findings behind this vulnerability').waitFor()
    await page.getByRole('heading', { name: 'Merged into this' }).waitFor()
  })

  test('the page of the merged one says where the work goes on', async () => {
    const { page } = mara
    const survivor = page.url()
    await page
      .getByRole('main')
      .getByRole('link', { name: /^#\d+ / })
      .first()
      .click()
    await page.getByText('The work goes on there').waitFor()
    expect(await button(page, 'Merge with…').count()).toBe(0)
    await page.goto(survivor)
  })

  test('a finding is split off again, and brought back', async () => {
    const { page } = mara
    await button(page, 'Split off…').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox').nth(1).check()
    await button(dialog, 'Split off 1 finding').click()
    await page.getByText(/^Split off #\d+ /).waitFor()
    await page.getByText('1 finding behind this vulnerability').waitFor()
    await button(page, 'Undo the split of #3').click()
    await page.getByText('The work goes on there').waitFor()
  })

  test('the merge is undone from the page of the one that stayed', async () => {
    const { page } = mara
    await page
      .getByRole('note')
      .getByRole('link', { name: /^#\d+ / })
      .click()
    await page.getByRole('button', { name: /^Undo the merge of #\d$/ }).click()
    await page.getByText('1 finding behind this vulnerability').waitFor()
  })
})
