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
      { file: 'src/quay.ts', line: 30, snippet: 'quay.flood()', rule: 'flood', text: 'Water comes in.' },
    ])
    const imported = await page.request.post(`${world.url}/api/v1/imports?asset=harbour`, {
      data,
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(imported.status()).toBe(201)
    const listed = await page.request.get(`${world.url}/api/v1/vulnerabilities`)
    const { items } = await listed.json()
    const at = (path: string) => items.find((item: { path: string }) => item.path === path)
    await page.goto(`${world.url}/vulnerabilities/${at('src/gate.ts').id}`)
    await button(page, 'Merge with…').click()
    const dialog = page.getByRole('dialog')
    const alike = dialog.getByRole('checkbox', { name: `#${at('src/lock.ts').number} ` })
    await alike.waitFor()
    await dialog.getByText('same rule', { exact: true }).waitFor()
    const offered = dialog.getByRole('checkbox')
    expect(await offered.count()).toBe(2)
    await dialog.getByText('Nothing in common but asset and branch').waitFor()
    await dialog.getByRole('searchbox').fill('quay')
    await expect.poll(async () => offered.count()).toBe(1)
    expect(await alike.count()).toBe(0)
    await button(dialog, 'Clear the search').click()
    await expect.poll(async () => offered.count()).toBe(2)
    await alike.check()
    expect(await offered.first().isChecked()).toBe(true)
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
    await page.getByText(/^Part of$/).waitFor()
    for (const name of ['Merge with…', 'Split off…', 'Edit', 'Change the severity', 'Send to Bitbucket'])
      expect([name, await button(page, name).count()]).toEqual([name, 0])
    expect(await page.getByRole('combobox', { name: 'Assignee' }).count()).toBe(0)
    expect(await button(page, 'Undo merge').count()).toBe(1)
    await page.getByRole('link', { name: /^Go to #\d+$/ }).click()
    await page.getByRole('heading', { name: 'Merged into this' }).waitFor()
    expect(page.url()).toBe(survivor)
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
    await button(page, 'Undo the split of #4').click()
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
