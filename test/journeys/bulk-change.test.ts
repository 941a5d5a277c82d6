import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { button, field, goTo, heading, setUpWeir } from './entry-steps.ts'
import { row } from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Set to a folder to keep pictures of the steps. */
const pictures = process.env['WEIR_PICTURES']

describe('many at once: chosen by filter, previewed, run in the background, taken back, taken away as a file', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    await fill()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('all that match are meant, not only the page; the preview says what will not change, and why', async () => {
    const { page } = mara
    await goTo(page, 'Vulnerabilities')
    await page.getByText('All', { exact: true }).click()
    await page.getByRole('checkbox', { name: 'Select all shown' }).check()
    const bar = page.getByRole('region', { name: 'Selected vulnerabilities' })
    await bar.getByText('50 selected').waitFor()
    await button(bar, 'Select all 620 matching').click()
    await bar.getByText('All 620 matching').waitFor()
    await button(bar, 'Change status').click()
    await page.getByRole('menuitem', { name: /^Risk accepted/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('600 of 620 vulnerabilities will change.').waitFor()
    await dialog.getByText('20: From "fixed" there is no move to "risk accepted" for you.').waitFor()
    await field(dialog, 'Reason').fill('Behind the gate until spring')
    await dialog.getByLabel('Look at them again on').fill('2099-05-01')
    await picture('preview')
    await button(dialog, 'Change to Risk accepted').click()
    await dialog.waitFor({ state: 'detached' })
  })

  test('it goes on when the page is left, and says what was refused', async () => {
    const { page } = mara
    await goTo(page, 'Assets')
    const toasts = page.getByRole('region', { name: 'Bulk changes' })
    await toasts.getByText('600 of 620 changed, 20 refused.').waitFor()
    await picture('toast')
    await toasts.getByRole('link', { name: 'Details' }).click()
    await heading(page, 'Status: Risk accepted until 2099-05-01').waitFor()
    const table = page.getByRole('table', { name: 'Vulnerabilities' })
    const refusals = table.getByText('there is no move to', { exact: false })
    await refusals.nth(19).waitFor()
    expect(await refusals.count()).toBe(20)
    await toasts.getByRole('button', { name: 'Close' }).click()
    await picture('details')
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
    await picture('details-narrow')
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  test('undo brings all of them back', async () => {
    const { page } = mara
    await button(page.getByRole('main'), 'Undo').first().click()
    await heading(page, 'Undo of: Status: Risk accepted until 2099-05-01').waitFor()
    await page.getByRole('main').getByText('600 of 600 changed.').first().waitFor()
    await goTo(page, 'Vulnerabilities')
    await row(page, 'Door 27 is open').getByText('Identified').waitFor()
  })

  test('every bulk change is in one list, reached from the vulnerabilities and from the audit log', async () => {
    const { page } = mara
    await page.getByRole('main').getByRole('link', { name: 'Bulk changes' }).click()
    await heading(page, 'Bulk changes').waitFor()
    const table = page.getByRole('table', { name: 'Bulk changes' })
    const lines = table.getByRole('row')
    await lines.filter({ hasText: 'Taken back' }).getByText('“Behind the gate until spring”').waitFor()
    await lines.filter({ hasText: 'Undo of: Status' }).getByText('600 of 600 changed.').waitFor()
    await picture('list')
    await page.getByText('Mine', { exact: true }).click()
    await page.waitForURL(/show=mine/)
    expect(await lines.count()).toBe(3)
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByRole('link', { name: 'Bulk change' }).first().click()
    await heading(page, 'Undo of: Status: Risk accepted until 2099-05-01').waitFor()
  })

  test('one whose API token is revoked stops, says why, and what it did can be taken back', async () => {
    const { page } = mara
    const { request } = page
    const headers = { origin: world.url }
    const data = { name: 'pipeline', scopes: ['triage'], expires_in_days: 1 }
    const made = await request.post(`${world.url}/api/v1/api-tokens`, { headers, data })
    const { api_token: revoked, token } = await made.json()
    const change = { kind: 'tags', add: ['spring'], remove: [] }
    // Somebody holds the vulnerabilities while the token goes: the first batch waits for them.
    const { db } = world.weir.database
    const held = await db.startTransaction().execute()
    await held.selectFrom('vulnerability').select('id').forNoKeyUpdate().execute()
    const asked = await fetch(`${world.url}/api/v1/bulk-changes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ filters: { branch: '*' }, change }),
    })
    expect(asked.status).toBe(201)
    const gone = await request.delete(`${world.url}/api/v1/api-tokens/${revoked.id}`, { headers })
    expect(gone.ok()).toBe(true)
    await held.rollback().execute()
    const { id: changeId } = Object(await asked.json())
    await page.goto(`${world.url}/bulk-changes/${changeId}`)
    await page.getByText('The API token it was started with has been revoked.').first().waitFor()
    await picture('stopped')
  })

  test('what is filtered is had as a file, with its number named before', async () => {
    const { page } = mara
    await goTo(page, 'Vulnerabilities')
    await button(page, 'Export').click()
    await page.getByText('600 vulnerabilities, as filtered').waitFor()
    await picture('export')
    const asked = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^CSV/ }).click()
    const file = await asked
    expect(file.suggestedFilename()).toMatch(/^vulnerabilities-.*\.csv$/)
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(Buffer.from(chunk))
    expect(Buffer.concat(chunks).toString().trim().split('\r\n')).toHaveLength(601)
  })

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return
    await mkdir(pictures, { recursive: true })
    await mara.page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  async function fill(): Promise<void> {
    const { request } = mara.page
    const headers = { origin: world.url }
    const asset = { key: 'quay', name: 'Quay', default_branch: 'main' }
    const made = await request.post(`${world.url}/api/v1/assets`, { headers, data: asset })
    expect(made.status()).toBe(201)
    const results = Array.from({ length: 620 }, (_, index) => ({
      ruleId: 'open-door',
      level: 'error',
      message: { text: `Door ${index} is open` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: `src/door-${index}.ts` },
            region: { startLine: 1, snippet: { text: `open(${index})` } },
          },
        },
      ],
    }))
    const first = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Lantern' } }, results }] }
    const then = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Lantern' } }, results: results.slice(20) }] }
    for (const report of [first, then]) {
      const address = `${world.url}/api/v1/imports?asset=quay&branch=main`
      const answer = await request.post(address, {
        headers: { ...headers, 'content-type': 'application/json' },
        data: JSON.stringify(report),
      })
      expect(answer.status()).toBe(201)
    }
  }
})
