import type { Locator, Page } from 'playwright-core'
import { logInAtBitbucket } from './bitbucket-steps.ts'
import { button, field, goTo, heading } from './entry-steps.ts'
import type { WeirWorld } from './weir-world.ts'

/** Opens *Integrate* on the way that is named. */
export async function openIntegrate(page: Page, way: string): Promise<Locator> {
  await goTo(page, 'Integrations')
  await page.getByRole('button', { name: /^Integrate/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('tab', { name: way }).click()
  return dialog
}

/** Off to Bitbucket's login; key and secret of the consumer are asked for the first time only. */
export async function leaveForBitbucket(page: Page, { simulator }: WeirWorld): Promise<void> {
  const dialog = await openIntegrate(page, 'Log in (OAuth)')
  await button(dialog, 'Continue at Bitbucket').waitFor()
  if ((await field(dialog, 'Key').count()) > 0) {
    await field(dialog, 'Key').fill(simulator.oauth_consumer.key)
    await field(dialog, 'Secret').fill(simulator.oauth_consumer.secret)
  }
  await button(dialog, 'Continue at Bitbucket').click()
}

/** Bitbucket's login and consent, and back. */
export async function logInByOAuth(page: Page, world: WeirWorld): Promise<void> {
  await leaveForBitbucket(page, world)
  const consent = page.locator('#grant-access')
  await page.locator('#username').or(consent).waitFor()
  if ((await consent.count()) === 0) await logInAtBitbucket(page, world, 'mara-lind')
  await consent.click()
}

export async function useWorkspace(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).check()
  await button(page, 'Use this workspace').click()
  await heading(page, 'Choose repositories').waitFor()
}

/** Until the list holds the answer: a row that moves under the pointer is not ticked. */
async function searchRepositories(page: Page, name: string): Promise<void> {
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === name)
  await page.getByRole('searchbox', { name: 'Search repositories' }).fill(name)
  await answered
  await page.locator('[aria-label="Repositories found"][aria-busy="false"]').waitFor()
}

/** Searches for each repository by name and ticks it, then takes them all. */
export async function takeRepositories(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await searchRepositories(page, name)
    await page.getByRole('checkbox', { name, exact: true }).check()
  }
  await page.getByRole('button', { name: /^Take \d/ }).click()
  await page.getByText(new RegExp(`\\b${names.length} assets? of this workspace so far`)).waitFor()
  await page.getByRole('table', { name: 'Webhooks' }).getByText('Healthy').first().waitFor()
}

/** From nothing to assets with healthy webhooks. */
export async function connectBitbucket(page: Page, world: WeirWorld, repositories: readonly string[]): Promise<void> {
  await logInByOAuth(page, world)
  await useWorkspace(page, world.simulator.workspace.name)
  await takeRepositories(page, repositories)
}

export type BasicCredential = { username: string; secret: string; workspace: string }

/** The three-field form. Answers the dialog, where the check's result then stands. */
export async function connectByForm(page: Page, { username, secret, workspace }: BasicCredential): Promise<Locator> {
  const dialog = await openIntegrate(page, 'E-mail + API token')
  await field(dialog, 'E-mail of the Atlassian account').fill(username)
  await field(dialog, username.includes('@') ? 'API token' : 'App password').fill(secret)
  await field(dialog, 'Workspace ID').fill(workspace)
  await button(dialog, 'Check and connect').click()
  return dialog
}

/** Ends the connection whose page is open. */
export async function disconnect(page: Page): Promise<void> {
  await button(page, 'Disconnect…').click()
  await button(page.getByRole('dialog'), 'Disconnect').click()
  await page.getByText('Disconnected', { exact: true }).waitFor()
}

/** *Check now* of the only connection: its credential, its webhook, and what was missed. */
export async function checkConnection(page: Page): Promise<void> {
  await goTo(page, 'Integrations')
  await page.getByRole('link', { name: /^Open the connection/ }).click()
  const checked = page.waitForResponse((response) => response.url().endsWith('/check'))
  await button(page, 'Check now').click()
  await checked
}
