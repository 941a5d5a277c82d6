import { expect, test } from 'vitest'
import { button, field, goTo, heading } from './entry-steps.ts'
import { dismissed, report, sent } from './story-reports.ts'
import {
  applyImport,
  changeStatus,
  chooseReport,
  dropReport,
  openImports,
  openVulnerability,
  readCounts,
  row,
} from './triage-steps.ts'
import type { Person } from './weir-world.ts'

/** The champion's first hour: a policy, a report, the list it makes, and a decision on what is in it. */
export function tellTriage(champion: () => Person): void {
  test('a policy on severity is made', async () => {
    const { page } = champion()
    await goTo(page, 'Policies')
    await button(page, 'Make the first policy').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Name').fill('Critical ones at once')
    await button(dialog, 'Dry run').click()
    await dialog.getByText(/would/i).first().waitFor()
    await button(dialog, 'Make the policy').click()
    await heading(page, 'Critical ones at once').waitFor()
  })

  test('a report is looked at before it changes anything', async () => {
    const { page } = champion()
    await openImports(page, 'storefront-api')
    await chooseReport(page, report())
    await heading(page, 'Preview: nothing has changed yet').waitFor()
    expect(await readCounts(page)).toMatchObject({ New: 7, Kept: 0, Closed: 0, Sent: 0 })
    await goTo(page, 'Vulnerabilities')
    await heading(page, 'No open vulnerabilities').waitFor()
    await page.goBack()
  })

  test('applied, its results are vulnerabilities, and the policy sends the critical ones', async () => {
    const { page } = champion()
    await applyImport(page)
    expect(await readCounts(page)).toMatchObject({ New: 7, Closed: 0, Sent: 2 })
    await goTo(page, 'Vulnerabilities')
    await row(page, sent).waitFor()
    await row(page, 'Order search').getByText('Bitbucket').waitFor()
    expect(await page.getByRole('row').count()).toBe(8)
  })

  test('the same report dropped again changes nothing', async () => {
    const { page } = champion()
    await openImports(page, 'storefront-api')
    await dropReport(page, report())
    await heading(page, 'The same report again: nothing changed').waitFor()
  })

  test.each([
    ['a text that is no SARIF', '{"hello": "scanner"}'],
    ['a file that is cut off', report().text.slice(0, 500)],
    ['an empty file', ''],
  ])('%s is refused with a sentence that says why', async (_what, text) => {
    const { page } = champion()
    champion().foresee({ status: 422, path: '/api/v1/imports' })
    champion().foresee({ status: 400, path: '/api/v1/imports' })
    await openImports(page, 'storefront-api')
    await chooseReport(page, { name: 'broken.sarif', text })
    expect(await page.getByRole('main').getByRole('alert').innerText()).toMatch(/SARIF|JSON|empty|ends/)
  })

  test('filters stand in the address, survive a reload and are undone by Back', async () => {
    const { page } = champion()
    await goTo(page, 'Vulnerabilities')
    await page.getByRole('button', { name: /^High/ }).click()
    await page.waitForURL(/severity=high/)
    await row(page, 'Order search').waitFor({ state: 'detached' })
    await page.getByRole('searchbox', { name: 'Search vulnerabilities' }).fill('download.js')
    await page.waitForURL(/q=download.js/)
    await row(page, sent).waitFor({ state: 'detached' })
    await page.reload()
    await row(page, 'Image proxy').waitFor()
    expect(await page.getByRole('row').count()).toBe(3)
    await page.goBack()
    await row(page, sent).waitFor()
    expect(page.url()).toMatch(/severity=high/)
    await page.getByRole('button', { name: 'Remove the filter High' }).click()
    await row(page, 'Order search').waitFor()
  })

  test('a decision asks for its reason, and the history tells it', async () => {
    const { page } = champion()
    await openVulnerability(page, dismissed)
    await changeStatus(page, {
      from: 'Identified',
      to: 'False positive',
      reason: 'Checksums of caches, no passwords',
    })
    await page.getByRole('tab', { name: 'History' }).click()
    const line = page.getByRole('listitem').filter({ hasText: 'Status changed by Ines Calder' })
    expect(await line.innerText()).toContain('Status: Identified → False positive')
    expect(await line.innerText()).toContain('“Checksums of caches, no passwords”')
  })
}
