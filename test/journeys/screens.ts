import type { Page } from 'playwright-core'
import type { WeirWorld } from './weir-world.ts'

/** A screen by its picture's name, and the way to it for somebody who is logged in. */
export type Screen = { name: string; open: (page: Page) => Promise<void> }

async function openAsset(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/assets?q=storefront`)
  await page.getByRole('link', { name: 'storefront-api', exact: true }).click()
}

/** Waits until nothing is being loaded any more: no skeleton, no open request but the live stream. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  await page.waitForTimeout(150)
}

/** The vulnerability the story's people speak about. */
async function openTalk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/vulnerabilities?sent=true&view=all`)
  const rows = page.getByRole('table', { name: 'Vulnerabilities' }).getByRole('row')
  await rows.filter({ hasText: 'src/routes/products.js' }).getByRole('link').first().click()
  await page.getByRole('tab', { name: /Security Champions/ }).waitFor()
}

/** The latest one that was merged. */
async function openPullRequest(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/analytics?group=health&metric=pr_throughput&days=365`)
  await page.getByRole('table', { name: 'What made Merged pull requests' }).getByRole('link').first().click()
  await page.getByRole('heading', { name: 'What happened' }).waitFor()
}

/** Every screen behind the login, as the story that was played fills it. `url` is Weir's. */
export function screensOf(url: string): Screen[] {
  const at = (path: string) => async (page: Page) => void (await page.goto(`${url}${path}`))
  return [
    { name: 'overview', open: at('/') },
    { name: 'vulnerabilities', open: at('/vulnerabilities') },
    { name: 'vulnerabilities-filtered', open: at('/vulnerabilities?severity=critical&severity=high&sent=false') },
    { name: 'vulnerability', open: async (page) => openTalk(page, url) },
    {
      name: 'vulnerability-history',
      open: async (page) => {
        await openTalk(page, url)
        await page.getByRole('tab', { name: 'History' }).click()
      },
    },
    {
      name: 'vulnerability-flow',
      open: async (page) => {
        await openTalk(page, url)
        await page.getByRole('tab', { name: 'Flow' }).click()
        await page.getByRole('heading', { name: 'Pull requests that remedy it' }).waitFor()
      },
    },
    { name: 'inbox', open: at('/inbox?show=all') },
    { name: 'assets', open: at('/assets') },
    { name: 'analytics', open: at('/analytics') },
    { name: 'analytics-security', open: at('/analytics?group=security') },
    { name: 'deployments', open: at('/analytics/deployments?days=all') },
    { name: 'analytics-reviews', open: at('/analytics?group=reviews') },
    { name: 'analytics-pipelines', open: at('/analytics?group=pipelines') },
    { name: 'analytics-activity', open: at('/analytics?group=activity') },
    { name: 'analytics-investment', open: at('/analytics?group=investment') },
    { name: 'analytics-side-by-side', open: at('/analytics?group=compare') },
    { name: 'analytics-teams', open: at('/analytics?group=compare&by=team') },
    { name: 'pull-request', open: async (page) => openPullRequest(page, url) },
    { name: 'imports', open: at('/imports') },
    { name: 'asset', open: async (page) => openAsset(page, url) },
    {
      name: 'asset-imports',
      open: async (page) => {
        await openAsset(page, url)
        await page.getByRole('tab', { name: 'Imports' }).click()
      },
    },
    {
      name: 'import',
      open: async (page) => {
        await openAsset(page, url)
        await page.getByRole('tab', { name: 'Imports' }).click()
        await page.getByRole('table', { name: 'Imports' }).getByRole('link').last().click()
      },
    },
    {
      name: 'asset-risk',
      open: async (page) => {
        await openAsset(page, url)
        await page.getByRole('tab', { name: 'Risk and gate' }).click()
      },
    },
    { name: 'risk-score', open: at('/risk-score') },
    { name: 'vulnerability-new', open: at('/vulnerabilities/new') },
    { name: 'integrations', open: at('/integrations') },
    { name: 'integrations-trackers', open: at('/integrations/trackers') },
    { name: 'integrations-scanners', open: at('/integrations/scanners') },
    { name: 'webhooks', open: at('/integrations/webhooks') },
    { name: 'deliveries', open: at('/integrations/deliveries') },
    {
      name: 'connection',
      open: async (page) => {
        await page.goto(`${url}/integrations`)
        await page.getByRole('link', { name: /^Open the connection/ }).click()
        await page.getByText('Healthy').first().waitFor()
      },
    },
    { name: 'policies', open: at('/policies') },
    { name: 'routes', open: at('/routes') },
    { name: 'settings-members', open: at('/settings') },
    { name: 'settings-accounts', open: at('/settings/accounts') },
    { name: 'settings-people', open: at('/settings/people') },
    { name: 'settings-deployments', open: at('/settings/deployments') },
    { name: 'settings-goals', open: at('/settings/goals') },
    { name: 'settings-agreements', open: at('/settings/agreements') },
    { name: 'settings-left-out', open: at('/settings/left-out') },
    { name: 'settings-notifications', open: at('/settings/notifications') },
    { name: 'settings-tokens', open: at('/settings/tokens') },
    { name: 'settings-password', open: at('/settings/password') },
    { name: 'settings-service-levels', open: at('/settings/service-levels') },
    { name: 'settings-gate', open: at('/settings/gate') },
    { name: 'settings-templates', open: at('/settings/templates') },
    { name: 'settings-intelligence', open: at('/settings/intelligence') },
    { name: 'settings-public-links', open: at('/settings/public-links') },
    { name: 'shared-view-without-token', open: at('/shared') },
    { name: 'settings-storage', open: at('/settings/storage') },
    { name: 'settings-audit', open: at('/settings/audit') },
    // Last: looking at it marks its messages as read.
    {
      name: 'vulnerability-security-champions',
      open: async (page) => {
        await openTalk(page, url)
        await page.getByRole('tab', { name: /Security Champions/ }).click()
        await page.getByRole('log', { name: 'Messages' }).getByRole('article').first().waitFor()
      },
    },
  ]
}

/** The ways into *Integrate*, each a dialog of its own. */
export const integrateWays = ['Log in (OAuth)', 'E-mail + API token', 'Access token'] as const

/** Opens the dialog on a page of somebody who may connect. */
export async function openIntegrateDialog(page: Page, url: string, way: string): Promise<void> {
  await page.goto(`${url}/integrations`)
  await page.getByRole('button', { name: /^Integrate/ }).click()
  await page.getByRole('dialog').getByRole('tab', { name: way }).click()
  await page.getByRole('dialog').getByRole('form').waitFor()
}

/** The demonstration's own story, played on this world through the interfaces of both sides. */
export async function playDemoStory(world: WeirWorld): Promise<void> {
  const { playStory } = await import('../../scripts/demo/story.ts')
  const setupToken = world.weir.app.setupToken ?? ''
  await playStory({ baseUrl: world.url, setupToken, facts: world.simulator, step: async (_name, act) => act() })
}
