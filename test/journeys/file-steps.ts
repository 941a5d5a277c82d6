import type { Locator, Page } from 'playwright-core'
import { button } from './entry-steps.ts'
import { write } from './triage-steps.ts'

export type TextFile = { name: string; text: string }

function toUpload({ name, text }: TextFile): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) }
}

/** A message with a file, by the browser's file chooser. */
export async function writeWithFile(page: Page, { text, file }: { text: string; file: TextFile }): Promise<void> {
  const asked = page.waitForEvent('filechooser')
  await button(page, 'Attach files').click()
  await (await asked).setFiles(toUpload(file))
  const chosen = page.getByRole('list', { name: 'Files of this message' })
  await chosen.getByText(`${Buffer.byteLength(file.text)} B`).waitFor()
  await write(page, text)
}

/** Adds a file to the item whose page is open at its tracker. */
export async function attachAtTracker(page: Page, file: TextFile): Promise<void> {
  const form = page.locator('#attachments form[enctype]')
  await form.locator('input[type=file]').setInputFiles(toUpload(file))
  await form.locator('button').click()
  await filesAtTracker(page, file.name).waitFor()
}

export function filesAtTracker(page: Page, name: string | RegExp): Locator {
  return page.locator('#attachments').getByRole('link', { name })
}

/** What a person gets who follows the link. */
export async function readLinked(page: Page, link: Locator): Promise<string> {
  const address = new URL((await link.getAttribute('href')) ?? '', page.url())
  return (await page.request.get(address.href)).text()
}
