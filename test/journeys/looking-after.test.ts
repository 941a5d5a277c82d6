import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkConnection as scheduledCheck } from '../../src/usecases/remotes/check-connection.ts'
import { testWebhook } from '../../src/usecases/remotes/test-webhook.ts'
import { asOneStory } from './as-one-story.ts'
import { checkConnection, connectByForm, disconnect, takeRepositories } from './connection-steps.ts'
import { button, field, goTo, heading, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('an administrator looks after a connection', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    const [owner] = world.simulator.users
    const secret = owner?.api_token ?? ''
    const workspace = world.simulator.workspace.slug
    const dialog = await connectByForm(mara.page, { username: owner?.email ?? '', secret, workspace })
    await button(dialog, 'Choose repositories').click()
    await takeRepositories(mara.page, ['storefront-api', 'ledger-core'])
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  /** What the clock does every hour. */
  async function checkByClock(): Promise<void> {
    const { context } = world.weir.app
    const row = await context.db.selectFrom('connection').select(['organization_id', 'id']).executeTakeFirstOrThrow()
    await scheduledCheck(context, { organizationId: row.organization_id, connectionId: row.id, repair: true })
  }

  const webhooks = () => mara.page.getByRole('table', { name: 'Webhooks' })

  test('a webhook gets a new secret, and Bitbucket has it', async () => {
    const { page } = mara
    const before = world.simulator.sim.hooks[0]?.secret
    await page.getByRole('button', { name: /^New secret for the webhook/ }).click()
    await page.getByText('New secret; the old one is accepted for one more hour').waitFor()
    await webhooks().getByText('Healthy').waitFor()
    expect(world.simulator.sim.hooks[0]?.secret).not.toBe(before)
  })

  test('a webhook is tested at a click: that it arrived, when, and after how long', async () => {
    const { page } = mara
    await page.getByRole('button', { name: /^Test the webhook/ }).click()
    await webhooks()
      .getByText(/arrived after \d+\.\d s/)
      .waitFor()
    expect(world.simulator.sim.hooks[0]?.events.some((event) => event.includes('commit_status'))).toBe(false)
  })

  test('one that does not come back says so, and what to look at', async () => {
    const { page } = mara
    world.simulator.planWebhookFault({ event: 'repo:commit_status_*', action: { kind: 'drop' } })
    const { context } = world.weir.app
    const row = await context.db.selectFrom('webhook').select(['organization_id', 'id']).executeTakeFirstOrThrow()
    // As the button does, with less patience.
    await testWebhook(context, { organizationId: row.organization_id, webhookId: row.id, withinMs: 500 })
    await webhooks().getByText('Not arriving').waitFor()
    await webhooks()
      .getByText(/Nothing arrived within .+WEIR_PUBLIC_URL/)
      .waitFor()
    world.simulator.clearFaults()
    await page.getByRole('button', { name: /^Test the webhook/ }).click()
    await webhooks().getByText('Healthy').waitFor()
  })

  test('a renamed repository is followed and says what it was called, one that is gone says so', async () => {
    const { page } = mara
    const [mine, other] = ['storefront-api', 'ledger-core'].map((name) =>
      world.simulator.sim.repositories.find(({ slug }) => slug === name),
    )
    if (mine === undefined || other === undefined) throw new Error('there is no repository')
    mine.slug = 'shop-api'
    world.simulator.sim.repositories = world.simulator.sim.repositories.filter((one) => one !== other)
    await checkByClock()
    await page.reload()
    const followed = page.getByRole('table', { name: 'Repositories of which something is to be said' })
    await followed.getByText('Renamed').waitFor()
    await followed.getByText(/^Was meadow-goods\/storefront-api/).waitFor()
    await followed.getByText('Gone', { exact: true }).waitFor()
    await page.getByRole('list', { name: 'What needs you' }).getByText('1 repository gone from Bitbucket').waitFor()
    mine.slug = 'storefront-api'
    world.simulator.sim.repositories.push(other)
    await checkByClock()
  })

  test('a webhook switched off in Bitbucket is told after a check, and repaired', async () => {
    const { page } = mara
    const [hook] = world.simulator.sim.hooks
    if (hook === undefined) throw new Error('there is no hook')
    hook.active = false
    await button(page, 'Check now').click()
    await webhooks().getByText('Switched off').waitFor()
    await page.getByRole('button', { name: /^Check and repair the webhook/ }).click()
    await webhooks().getByText('Healthy').waitFor()
    expect(world.simulator.sim.hooks[0]?.active).toBe(true)
  })

  test('a credential that ended is told on the connection, the list of connections and the overview', async () => {
    const { page } = mara
    const token = world.simulator.users[0]?.api_token
    for (const one of world.simulator.sim.credentials) if (one.token === token) one.revoked = true
    await checkConnection(page)
    await page.getByRole('main').getByText('Credential refused').waitFor()
    await goTo(page, 'Integrations')
    await page.getByRole('main').getByText('Credential refused').waitFor()
    await goTo(page, 'Overview')
    await page.getByRole('alert').getByRole('link', { name: 'Open the connection' }).click()
    await heading(page, 'Webhooks').waitFor()
  })

  test('a new token that works too little or not at all is refused, and the old state stays', async () => {
    const { page } = mara
    mara.foresee({ status: 422, path: '/api/v1/connections' })
    await button(page, 'Renew…').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'API token').fill('ATATT3x-of-nobody')
    await button(dialog, 'Check and renew').click()
    expect(await dialog.getByRole('alert').innerText()).toMatch(/token/i)
    await button(dialog, 'Cancel').click()
    await page.getByRole('main').getByText('Credential refused').waitFor()
  })

  test('renewed, it works again, and the overview has nothing to say', async () => {
    const { page } = mara
    await button(page, 'Renew…').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'API token').fill(newToken(world))
    await button(dialog, 'Check and renew').click()
    await page.getByText('Renewed. Waiting work goes on.').waitFor()
    await page.getByRole('main').getByText('Working', { exact: true }).waitFor()
    await goTo(page, 'Overview')
    await page.getByRole('main').getByRole('alert').waitFor({ state: 'detached' })
  })

  test('a removed webhook is gone from Bitbucket, and the page says how to get one again', async () => {
    const { page } = mara
    await goTo(page, 'Integrations')
    await page.getByRole('link', { name: /^Open the connection/ }).click()
    await page.getByRole('button', { name: /^Remove the webhook/ }).click()
    await button(page.getByRole('dialog'), 'Remove the webhook').click()
    await heading(page, 'No webhook').waitFor()
    expect(world.simulator.sim.hooks).toHaveLength(0)
  })

  test('and it is made again at a click', async () => {
    await button(mara.page, 'Make it again').click()
    await webhooks().getByText('Healthy').waitFor()
    expect(world.simulator.sim.hooks).toHaveLength(1)
  })

  test('a disconnected workspace offers to be connected again, and assets say what is missing', async () => {
    const { page } = mara
    await disconnect(page)
    await page.getByRole('link', { name: 'Connect again' }).click()
    await page.getByRole('button', { name: 'Integrate', exact: true }).waitFor()
    await goTo(page, 'Assets')
    await page.getByRole('link', { name: 'storefront-api' }).click()
    await heading(page, 'storefront-api').waitFor()
  })
})

/** Another API token of the same person, with every scope the first one had. */
function newToken({ simulator }: WeirWorld): string {
  const old = simulator.sim.credentials.find((one) => one.token === simulator.users[0]?.api_token)
  if (old === undefined) throw new Error('the person has no token')
  const token = `ATATT3x${simulator.sim.newSecret(40)}`
  simulator.sim.credentials.push({ ...old, token, revoked: false })
  return token
}
