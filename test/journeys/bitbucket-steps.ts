import type { Locator, Page } from 'playwright-core'
import type { WeirWorld } from './weir-world.ts'

/** Types user name and password into the simulated Bitbucket's login. */
export async function logInAtBitbucket(page: Page, { simulator }: WeirWorld, username: string): Promise<void> {
  const person = simulator.users.find((user) => user.username === username)
  if (person === undefined) throw new Error(`the simulated Bitbucket has no ${username}`)
  await page.locator('#username').fill(person.username)
  await page.locator('#password').fill(person.password)
  await page.locator('#log-in').click()
}

export async function openBitbucket(page: Page, world: WeirWorld, username: string): Promise<void> {
  await page.goto(`${world.simulator.web}/account/signin/`)
  await logInAtBitbucket(page, world, username)
  await page.waitForURL(/dashboard/)
}

/** The comment an address points at, `…#comment-12`; undefined for a whole page, such as an issue. */
export function commentIn(url: string): string | undefined {
  return /#comment-(\d+)/.exec(url)?.[1]
}

/** Opens an item as it is now; an address that differs in its fragment alone would not be loaded again. */
export async function openItem(page: Page, itemUrl: string): Promise<void> {
  await page.goto(itemUrl)
  await page.reload()
}

/** The comment that begins so. */
function standing(page: Page, text: string): Locator {
  return page
    .locator('.comment .prose')
    .filter({ hasText: text.split('\n')[0] ?? text })
    .first()
}

/**
 * Writes a comment below an item: a reply in its thread, or a comment of the issue. Answers the new comment's id.
 * `onSend` is called just before the button is pressed.
 */
export async function comment(
  page: Page,
  itemUrl: string,
  { text, onSend }: { text: string; onSend?: () => void },
): Promise<string> {
  const thread = commentIn(itemUrl)
  await openItem(page, itemUrl)
  if (thread !== undefined) await page.locator(`#reply-${thread}-open`).click()
  const form = thread === undefined ? '#new-comment' : `#reply-${thread}`
  await page.locator(`${form}-content`).fill(text)
  onSend?.()
  await page.locator(`${form}-save`).click()
  await standing(page, text).waitFor()
  const id = commentIn(page.url())
  if (id === undefined) throw new Error(`no comment came of it: ${page.url()}`)
  return id
}

export async function editComment(page: Page, id: string, text: string): Promise<void> {
  await page.locator(`#edit-${id}-open`).click()
  await page.locator(`#edit-${id}-content`).fill(text)
  await page.locator(`#edit-${id}-save`).click()
  await standing(page, text).waitFor()
}

export async function deleteComment(page: Page, id: string): Promise<void> {
  await page.locator(`#delete-${id}`).click()
  await page.locator(`#delete-${id}`).waitFor({ state: 'detached' })
}

/** How a developer says "done": the state, or the thread resolved. */
export async function sayDone(page: Page, itemUrl: string): Promise<void> {
  await openItem(page, itemUrl)
  const thread = commentIn(itemUrl)
  if (thread === undefined) {
    await page.locator('#change-state-open').click()
    await page.locator('#state').selectOption('resolved')
    await page.locator('#change-state').click()
  } else await page.locator(`#resolve-${thread}`).click()
}
