import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mode } from '../../simulators/bitbucket/model.ts'
import { asOneStory } from './as-one-story.ts'
import {
  checkConnection,
  connectByForm,
  disconnect,
  leaveForBitbucket,
  logInByOAuth,
  openIntegrate,
  takeRepositories,
  useWorkspace,
} from './connection-steps.ts'
import { button, field, goTo, heading, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** What an administrator lives through with every kind of credential, against a Bitbucket of this mode. */
export function describeConnecting(mode: Mode): void {
  describe(`an administrator connects a Bitbucket of mode ${mode}`, () => {
    let world: WeirWorld
    let mara: Person

    beforeAll(async () => {
      world = await openWeirWorld({ mode, repositories: 150 })
      mara = await world.comeIn()
      await setUpWeir(mara.page, world)
    })
    afterAll(async () => world.close())
    asOneStory(() => ({ mara }))

    test('who denies the consent is told so, and can begin again', async () => {
      const { page } = mara
      mara.foresee({ status: 403, path: '/api/v1/connections/oauth' })
      mara.foresee({ status: 422, path: '/api/v1/connections/oauth' })
      await leaveForBitbucket(page, world)
      await page.locator('#log-in-as-mara-lind').click()
      await page.locator('#deny-access').click()
      await page.getByRole('alert').waitFor()
      await page.getByRole('link', { name: 'Begin again' }).click()
      await heading(page, 'Bitbucket Cloud').waitFor()
    })

    test('OAuth leads to Bitbucket’s login and consent and back to the choice of a workspace', async () => {
      await logInByOAuth(mara.page, world)
      await heading(mara.page, 'Choose the workspace').waitFor()
      const address = new URL(mara.page.url())
      expect(address.pathname).toMatch(/^\/integrations\/connections\//)
      expect(address.search).toBe('')
    })

    test('among hundreds of repositories a search finds those to take', async () => {
      const { page } = mara
      await useWorkspace(page, world.simulator.workspace.name)
      await page.getByText(/of 154 repositories/).waitFor()
      await takeRepositories(page, ['storefront-api', 'ledger-core'])
      const table = page.getByRole('table', { name: 'Webhooks' })
      expect(await table.innerText()).toContain('The whole workspace')
    })

    test('the repositories are assets', async () => {
      await goTo(mara.page, 'Assets')
      const table = mara.page.getByRole('table', { name: 'Assets' })
      await table.getByRole('link', { name: 'storefront-api' }).waitFor()
      expect(await table.getByText('In Bitbucket').count()).toBe(2)
    })

    test('a webhook somebody removed in Bitbucket is seen as missing and repaired', async () => {
      const { page } = mara
      world.simulator.sim.hooks.splice(0)
      await goTo(page, 'Integrations')
      await page
        .getByRole('link', { name: /^Open the connection/ })
        .first()
        .click()
      const table = page.getByRole('table', { name: 'Webhooks' })
      await table.getByText('Healthy').waitFor()
      await page.getByRole('button', { name: /^Check and repair the webhook/ }).click()
      await page.getByRole('alert').getByText('Healthy').waitFor()
      expect(world.simulator.sim.hooks.length).toBe(1)
    })

    test('key and secret of a known consumer can be given anew, beside the callback address', async () => {
      const { page } = mara
      const dialog = await openIntegrate(page, 'Log in (OAuth)')
      await dialog.getByText(`${world.url}/oauth/bitbucket/callback`, { exact: true }).waitFor()
      expect(await field(dialog, 'Secret').count()).toBe(0)
      await button(dialog, 'Use another consumer, or change key and secret').click()
      await field(dialog, 'Key').fill('another')
      await field(dialog, 'Secret').fill('secret')
      await button(dialog, 'Use the consumer that is known').click()
      await field(dialog, 'Key').waitFor({ state: 'detached' })
      await page.keyboard.press('Escape')
      await goTo(page, 'Integrations')
      await page
        .getByRole('link', { name: /^Open the connection/ })
        .first()
        .click()
    })

    test('a disconnected workspace keeps its assets, and its webhook is gone from Bitbucket', async () => {
      await disconnect(mara.page)
      expect(world.simulator.sim.hooks.length).toBe(0)
      await goTo(mara.page, 'Assets')
      await mara.page.getByRole('link', { name: 'storefront-api' }).waitFor()
    })

    test('a wrong token is refused with what to do, and the form keeps what was typed', async () => {
      mara.foresee({ status: 422, path: '/api/v1/connections' })
      const dialog = await connectByForm(mara.page, {
        username: world.simulator.users[0]?.email ?? '',
        secret: 'ATATT3x-of-nobody',
        workspace: world.simulator.workspace.slug,
      })
      expect(await dialog.getByRole('alert').innerText()).toMatch(/token/i)
      expect(await field(dialog, 'Workspace ID').inputValue()).toBe(world.simulator.workspace.slug)
      await mara.page.keyboard.press('Escape')
    })

    test('a missing scope is named', async () => {
      mara.foresee({ status: 422, path: '/api/v1/connections' })
      const made = await fetch(`${world.simulator.control}/credentials`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          kind: 'api_token',
          username: 'mara-lind',
          scopes: ['read:user:bitbucket', 'read:workspace:bitbucket', 'read:repository:bitbucket'],
        }),
      })
      const { token } = Object(await made.json())
      const dialog = await connectByForm(mara.page, {
        username: world.simulator.users[0]?.email ?? '',
        secret: String(token),
        workspace: world.simulator.workspace.slug,
      })
      const said = await dialog.getByRole('alert').innerText()
      expect(said).toContain('write:webhook:bitbucket')
      expect(said).not.toContain('read:repository:bitbucket')
      await mara.page.keyboard.press('Escape')
    })

    test('the three-field form checks the credential at once and lists every scope', async () => {
      const { page } = mara
      const owner = world.simulator.users[0]
      const dialog = await connectByForm(page, {
        username: owner?.email ?? '',
        secret: owner?.api_token ?? '',
        workspace: world.simulator.workspace.slug,
      })
      await dialog.getByText('The credential works and has every scope Weir needs.').waitFor()
      expect(await dialog.getByText('Granted').count()).toBeGreaterThan(3)
      await button(dialog, 'Choose repositories').click()
      await disconnect(page)
    })

    test('a workspace access token connects without a person', async () => {
      const dialog = await openIntegrate(mara.page, 'Access token')
      await field(dialog.getByRole('form'), 'Access token').fill(world.simulator.workspace_access_token)
      await field(dialog, 'Workspace ID').fill(world.simulator.workspace.slug)
      await button(dialog, 'Check and connect').click()
      await button(dialog, 'Choose repositories').click()
      await disconnect(mara.page)
    })

    const outcome = mode === '2026' ? 'is explained and refused' : 'still works on this host'
    test(`an app password ${outcome}`, async () => {
      mara.foresee({ status: 422, path: '/api/v1/connections' })
      const { username, password } = world.simulator.app_password
      const dialog = await connectByForm(mara.page, {
        username,
        secret: password,
        workspace: world.simulator.workspace.slug,
      })
      expect(await dialog.getByRole('status').innerText()).toContain('28 July 2026')
      if (mode === '2026') {
        expect(await dialog.getByRole('alert').innerText()).toMatch(/API token/)
        await mara.page.keyboard.press('Escape')
      } else {
        await button(dialog, 'Choose repositories').click()
        await disconnect(mara.page)
      }
    })

    test('a login takes the workspace up again, with its assets', async () => {
      const { page } = mara
      await logInByOAuth(page, world)
      await page.getByRole('radio', { name: world.simulator.workspace.name }).check()
      await button(page, 'Use this workspace').click()
      await page.getByText(/^2 repositories are assets\./).waitFor()
      await goTo(page, 'Integrations')
      const connections = page.getByRole('link', { name: /^Open the connection/ })
      await connections.first().waitFor()
      expect(await connections.count()).toBe(1)
    })

    test('a login that Bitbucket ended is told, and renewed from the connection’s own page', async () => {
      const { page } = mara
      world.simulator.sim.refreshTokens.clear()
      for (const one of world.simulator.sim.credentials) if (one.consumerKey !== null) one.revoked = true
      await checkConnection(page)
      await page.getByRole('main').getByText('Credential refused').waitFor()
      await button(page, 'Log in again').click()
      await page.locator('#grant-access').click()
      await page.getByText(/^2 repositories are assets\./).waitFor()
      await page.getByRole('main').getByText('Working', { exact: true }).waitFor()
    })
  })
}
