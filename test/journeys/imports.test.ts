import { mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { button, heading, setUpWeir } from './entry-steps.ts'
import { applyImport, chooseReport, openImports, readCounts } from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Set to a folder to keep pictures of the steps. */
const pictures = process.env['WEIR_PICTURES']

const rule = (id: string) => ({ id, shortDescription: { text: `About ${id}` } })
/** Doors from one number to another; each is found in a file of its own. */
function toReport(from: number, to: number): string {
  const results = Array.from({ length: to - from }, (_, index) => ({
    ruleId: 'open-door',
    level: 'error',
    message: { text: `Door ${from + index} is open` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: `src/door-${from + index}.ts` }, region: { startLine: 3 } } },
    ],
  }))
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Lantern', version: '2.1', rules: [rule('open-door')] } }, results }],
  })
}

describe('imports: previewed, held by the guard, undone, and watched while they run', () => {
  let world: WeirWorld
  let mara: Person
  let watcher: Person
  let first = ''

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    const data = { key: 'quay', name: 'Quay', default_branch: 'main' }
    const made = await mara.page.request.post(`${world.url}/api/v1/assets`, { headers: { origin: world.url }, data })
    if (made.status() !== 201) throw new Error(await made.text())
    watcher = await world.comeIn({ storageState: await mara.page.context().storageState() })
    await watcher.page.goto(`${world.url}/assets`)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, watcher }))

  test('a preview says what would change; applied, its report is kept and can be had as it came', async () => {
    const { page } = mara
    await openImports(page, 'Quay')
    await chooseReport(page, { name: 'monday.sarif', text: toReport(0, 24) })
    await heading(page, 'Preview: nothing has changed yet').waitFor()
    expect(await readCounts(page)).toMatchObject({ New: 24, Closed: 0 })
    await applyImport(page)
    first = page.url()
    await page.getByText(/^Until /).waitFor()
    const asked = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    const file = await asked
    expect(file.suggestedFilename()).toBe('monday.sarif')
    expect(await text(await file.createReadStream())).toBe(toReport(0, 24))
    await picture('applied')
  })

  test('a report that would close most is held; discarded it changes nothing, applied anyway it does', async () => {
    const { page } = mara
    for (const decision of ['Discard', 'Apply anyway'] as const) {
      await hold(`${decision}.sarif`)
      const guard = page.getByRole('alert').filter({ hasText: 'Held back: nothing has changed yet' })
      await guard.getByText('Applied, it closes 20 findings that it no longer has, brings 1 new and keeps 4.').waitFor()
      await picture(`held ${decision}`)
      await button(guard, decision).click()
      if (decision === 'Apply anyway') {
        await picture('held asked')
        await button(page.getByRole('dialog'), decision).click()
      }
      await heading(page, decision === 'Discard' ? 'Thrown away: nothing changed' : 'What this import did').waitFor()
    }
    await page.getByText('It was held back, and applied all the same.', { exact: false }).waitFor()
    await picture('held applied')
  })

  test('an import that a later one stands before names it', async () => {
    const { page } = mara
    const later = page.url()
    await page.goto(first)
    await page.getByText('To take it back, first undo the later import').waitFor()
    await picture('blocked')
    await page.getByRole('main').getByRole('link', { name: 'Apply anyway.sarif' }).click()
    await page.waitForURL(later)
  })

  test('somebody else sees an import come in, how far it is, and that it was broken off', async () => {
    const { page } = watcher
    await page.goto(`${world.url}/assets`)
    await openImports(page, 'Quay')
    const half = toReport(0, 24).slice(0, 1000)
    const cookies = await mara.page.context().cookies()
    const headers = {
      origin: world.url,
      'content-type': 'application/json',
      'content-length': toReport(0, 24).length,
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    }
    const sent = request(`${world.url}/api/v1/imports?asset=quay&file_name=night.sarif`, { method: 'POST', headers })
    sent.on('error', () => undefined)
    sent.write(half)
    const line = page.getByRole('table', { name: 'Imports' }).getByRole('row').filter({ hasText: 'night.sarif' })
    await line.getByText(/^Receiving the report · /).waitFor()
    await picture('running', watcher)
    await page.reload()
    await line.getByText(/^Receiving the report · /).waitFor()
    sent.destroy()
    await line.getByText('Failed').waitFor()
    await line.getByRole('link').click()
    // The log below says it once more, after `Failed:`.
    await page.getByText(/^This import was broken off before its end\./).waitFor()
    await picture('broken off', watcher)
  })

  test('an undo says what it does before it does it', async () => {
    const { page } = mara
    await button(page, 'Undo this import').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 vulnerability it brought goes again').waitFor()
    await dialog.getByText('20 statuses it changed are as before').waitFor()
    await picture('undo')
    await page.setViewportSize({ width: 390, height: 844 })
    await picture('undo narrow')
    await page.setViewportSize({ width: 1280, height: 900 })
    await button(dialog, 'Undo the import').click()
    await heading(page, 'This import was taken back').waitFor()
    await page.getByText('Mara Lind took this import back.').waitFor()
    await picture('undone')
    await page.goto(first)
    await button(page, 'Undo this import').waitFor()
  })

  async function hold(name: string): Promise<void> {
    const { page } = mara
    const headers = { origin: world.url, 'content-type': 'application/json' }
    const address = `${world.url}/api/v1/imports?asset=quay&file_name=${encodeURIComponent(name)}`
    const answer = await page.request.post(address, { headers, data: toReport(20, 25) })
    expect(answer.status()).toBe(201)
    const { id } = Object(await answer.json())
    await page.goto(`${world.url}/imports/${String(id)}`)
  }

  async function picture(name: string, { page }: Person = mara): Promise<void> {
    if (pictures === undefined) return
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `${name.replaceAll(' ', '-')}.png`), fullPage: true })
  }
})
