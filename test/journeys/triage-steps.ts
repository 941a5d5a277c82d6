import type { Locator, Page } from 'playwright-core'
import { button, goTo, heading } from './entry-steps.ts'

/** The page of an asset, with its imports open. */
export async function openImports(page: Page, asset: string): Promise<void> {
  await goTo(page, 'Assets')
  await page.getByRole('table', { name: 'Assets' }).getByRole('link', { name: asset, exact: true }).click()
  await heading(page, asset).waitFor()
  await page.getByRole('tab', { name: 'Imports' }).click()
  await heading(page, 'Import a report').waitFor()
}

export type ReportFile = { name: string; text: string }

/** Through the browser's file chooser; what it leads to is for the caller to look at. */
export async function chooseReport(page: Page, { name, text }: ReportFile): Promise<void> {
  const asked = page.waitForEvent('filechooser')
  await button(page, 'Choose a file').click()
  await (await asked).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

/** Dropped onto the zone, as from a file manager. */
export async function dropReport(page: Page, { name, text }: ReportFile): Promise<void> {
  const data = await page.evaluateHandle(
    `(() => {
      const data = new DataTransfer()
      data.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}))
      return data
    })()`,
  )
  const zone = page.getByText('Drop a scanner’s report here, or').locator('..')
  await zone.dispatchEvent('dragover', { dataTransfer: data })
  await zone.dispatchEvent('drop', { dataTransfer: data })
}

/** The figures of an import as its page shows them: `New` → 7. */
export async function readCounts(page: Page): Promise<Record<string, number>> {
  const terms = await page.locator('dl').first().locator('div').allInnerTexts()
  return Object.fromEntries(
    terms.map((text) => {
      const [name = '', amount = ''] = text.split('\n').map((line) => line.trim())
      return [name, Number(amount)]
    }),
  )
}

export async function applyImport(page: Page): Promise<void> {
  await heading(page, 'Preview: nothing has changed yet').waitFor()
  await button(page, 'Apply').click()
  await heading(page, 'What this import did').waitFor()
}

/** The row of the list that holds this text. */
export function row(page: Page, text: string): Locator {
  return page.getByRole('table', { name: 'Vulnerabilities' }).getByRole('row').filter({ hasText: text })
}

export async function openVulnerability(page: Page, title: string, view: 'Open' | 'Closed' = 'Open'): Promise<void> {
  await goTo(page, 'Vulnerabilities')
  if (view === 'Closed') await page.getByText('Closed', { exact: true }).click()
  await row(page, title).getByRole('link', { name: title }).click()
  await heading(page, title).waitFor()
}

/** Waits for the status in the page's head. */
export async function untilStatus(page: Page, status: string): Promise<void> {
  await button(page, status).waitFor()
}

/** Chooses a move of the status menu; the dialog of one that needs a reason is answered with it. */
export async function changeStatus(page: Page, change: { from: string; to: string; reason?: string }): Promise<void> {
  await button(page, change.from).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${change.to}`) }).click()
  if (change.reason !== undefined) {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(change.reason)
    await button(dialog, `Change to ${change.to}`).click()
  }
  await untilStatus(page, change.to)
}

/** Presses *Send to Bitbucket*; the tracker is named where more than one can take it. */
export async function sendToBitbucket(page: Page, tracker?: string): Promise<void> {
  await button(page, 'Send to Bitbucket').click()
  if (tracker !== undefined) await page.getByRole('menuitem', { name: tracker }).click()
}

/** Presses it in every window before the first request leaves: then all leave at once. */
export async function sendAtOnce(windows: readonly Page[], tracker?: string): Promise<void> {
  const held: (() => Promise<void>)[] = []
  for (const page of windows) {
    await page.route('**/send', async (route) => void held.push(async () => route.continue()))
    await sendToBitbucket(page, tracker)
    await page.waitForTimeout(100)
  }
  if (held.length !== windows.length) throw new Error(`${held.length} of ${windows.length} requests were held`)
  await Promise.all(held.map(async (release) => release()))
  for (const page of windows) await page.unroute('**/send')
}

/** The address of the item in Bitbucket, as the side panel links it. */
export async function itemAddress(page: Page): Promise<string> {
  await page.getByText('Linked', { exact: true }).waitFor()
  const link = page.getByText('With the developers').locator('..').getByRole('link').first()
  return (await link.getAttribute('href')) ?? ''
}

export async function openChampions(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /Security Champions/ }).click()
  await page.getByRole('textbox', { name: 'New message' }).waitFor()
}

/** The messages of the open thread, as they read. */
export function messages(page: Page): Locator {
  return page.getByRole('log', { name: 'Messages' }).getByRole('article')
}

/** Of a thread that has some, as the server has them now: the page may still show what it read before. */
export async function countMessages(page: Page): Promise<number> {
  await page.reload()
  await messages(page).first().waitFor()
  return messages(page).count()
}

export function message(page: Page, text: string): Locator {
  return messages(page).filter({ hasText: text })
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'New message' }).fill(text)
  await button(page, 'Send').click()
  await message(page, text).getByText('Sent', { exact: true }).waitFor()
}
