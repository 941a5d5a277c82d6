import type { Locator, Page } from 'playwright-core'
import type { Simulator } from '../../simulators/jira/simulator.ts'
import { button, field, goTo } from './entry-steps.ts'

/** By what stands before the @ of their address, which is their password, too. */
export async function openJira(page: Page, { site }: Simulator, name: string): Promise<void> {
  await page.goto(`${site}/login`)
  await page.locator(`#log-in-as-${name}`).click()
  await page.waitForURL(/projects/)
}

/** *Connect Jira* by e-mail address and token, up to the page of the connection. */
export async function connectJira(page: Page, simulator: Simulator, name: string): Promise<void> {
  const user = simulator.users.find(({ email }) => email.startsWith(`${name}@`))
  if (user === undefined) throw new Error(`the simulated Jira has no ${name}`)
  await goTo(page, 'Integrations')
  await page.getByRole('link', { name: 'Defect tracker' }).click()
  await button(page, 'Connect Jira').click()
  const dialog = page.getByRole('dialog')
  await field(dialog, 'Site').fill(simulator.site)
  await field(dialog, 'E-mail of the Atlassian account').fill(user.email)
  await field(dialog, 'API token').fill(user.api_token)
  await button(dialog, 'Check and connect').click()
  await dialog.getByRole('button', { name: /^(Continue|Open|Go on|Done)/ }).click()
}

/** Chooses of a field that is searched. */
export async function choose(dialog: Locator, { label, option }: { label: string; option: string }): Promise<void> {
  await dialog.getByRole('combobox', { name: label }).click()
  await dialog.page().getByRole('option', { name: option }).click()
}

/** Comments on an issue; answers the comment's id. */
export async function commentOn(page: Page, issueUrl: string, text: string): Promise<string> {
  await page.goto(issueUrl)
  const before = new Set(await commentIds(page))
  await page.locator('#new-comment-content').fill(text)
  await page.locator('#new-comment').getByRole('button').last().click()
  await page.locator('.comment').filter({ hasText: text }).first().waitFor()
  const made = (await commentIds(page)).find((id) => !before.has(id))
  if (made === undefined) throw new Error('no comment came of it')
  return made
}

async function commentIds(page: Page): Promise<string[]> {
  const ids = await page.locator('.comment').evaluateAll((all) => all.map((one) => one.id))
  return ids.map((id) => id.replace('comment-', ''))
}

export async function editCommentOn(page: Page, id: string, text: string): Promise<void> {
  await page.locator(`#edit-${id}-open`).click()
  await page.locator(`#edit-${id}-content`).fill(text)
  await page.locator(`#edit-${id}-save`).click()
  await page.locator('.comment').filter({ hasText: text }).first().waitFor()
}

export async function deleteCommentOn(page: Page, id: string): Promise<void> {
  await page.locator(`#delete-${id}`).click()
  await page.locator(`#comment-${id}`).waitFor({ state: 'detached' })
}

/** Takes a step of the workflow. */
export async function moveIssue(page: Page, issueUrl: string, transition: string): Promise<void> {
  await page.goto(issueUrl)
  await page.locator(`#transition-${transition}`).click()
  await page.locator('#issue-status').waitFor()
}

/** Makes an issue in a project; answers its key. */
export async function createIssueIn(
  page: Page,
  { site }: Simulator,
  { project, summary }: { project: string; summary: string },
): Promise<string> {
  await page.goto(`${site}/jira/projects/${project}/create`)
  await page.locator('#summary').fill(summary)
  await page.locator('#new-issue-save').click()
  await page.waitForURL(/\/browse\//)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}
