import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people } from '../../scripts/demo/story.ts'
import { asOneStory } from './as-one-story.ts'
import { button, field, heading, logIn } from './entry-steps.ts'
import { playDemoStory } from './screens.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const repository = 'meadow-goods/storefront-api'

/** As a pipeline would, with the login of this page. */
async function tell(page: Page, body: object): Promise<number> {
  const send = async (told: object) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': JSON.stringify(told).slice(0, 60) }
    const answer = await fetch('/api/v1/deployments', { method: 'POST', headers, body: JSON.stringify(told) })
    return answer.status
  }
  return page.evaluate(send, body)
}

describe('the delivery half, looked after', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    // The login at Bitbucket gives no look at pipelines and deployments.
    for (const consumer of world.simulator.sim.consumers)
      consumer.scopes = consumer.scopes.filter((scope) => !scope.startsWith('pipeline'))
    await playDemoStory(world)
    mara = await world.comeIn()
    await mara.page.goto(world.url)
    await logIn(mara.page, people[0])
    await heading(mara.page, 'Overview').waitFor()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  const row = (table: string, text: string | RegExp) =>
    mara.page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text })

  test('a credential without pipelines says for each feed what it lacks, what one more scope would add, and reads the rest', async () => {
    const { page } = mara
    await page.goto(`${world.url}/integrations`)
    await page.getByRole('link', { name: /^Open the connection/ }).click()
    const missing = page.getByRole('list', { name: 'Missing scopes' })
    const lacks = async () => ((await missing.count()) === 0 ? '' : missing.innerText())
    await expect.poll(lacks, { timeout: 40_000, interval: 500 }).toContain('deployment frequency')
    const text = await lacks()
    expect(text).toMatch(/The credential lacks pipeline\./)
    expect(text).toContain('success and duration of pipelines')
    const read = row('Repositories and how far they are read', repository)
    for (const name of ['Pipelines', 'Deployments', 'Environments'])
      await read.getByText(`${name}: the credential lacks pipeline.`).waitFor()
    await read.getByText('Pull requests read').waitFor()
  })

  test('a source is set from a day on, and what a pipeline tells counts', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/deployments`)
    await field(page, 'Repository').first().fill(repository)
    await page.getByLabel('Deployments are').selectOption('Calls of the API')
    await field(page, 'In force from').fill('2026-01-01')
    await button(page, 'Add the source').click()
    await row('Sources of deployments', repository).getByText('Calls of the API').waitFor()
    for (const hour of [3, 2]) {
      const completed_at = new Date(Date.now() - hour * 3600_000).toISOString()
      const told = { repository, key: `run ${hour}`, environment: `live-${hour}`, state: 'successful', completed_at }
      expect(await tell(page, told)).toBe(200)
    }
    await expect
      .poll(
        async () => {
          await page.reload()
          return row('Source of each repository', repository).innerText()
        },
        { timeout: 40_000, interval: 1000 },
      )
      .toContain('2 deployments counted')
  })

  test('a person says that one failed, with a reason, and takes it back', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics/deployments`)
    await row('Deployments', 'live-3').waitFor({ timeout: 40_000 })
    await row('Deployments', 'live-3')
      .getByRole('button', { name: /^Say what/ })
      .click()
    await page.getByRole('menuitem', { name: 'It failed' }).click()
    await field(page, 'Reason').fill('The basket was empty')
    await button(page, 'Say so').click()
    await row('Deployments', 'live-3').getByText('The basket was empty').waitFor()
    const judged = async () => {
      await page.reload()
      return row('Deployments', 'live-3').innerText()
    }
    await expect.poll(judged, { timeout: 40_000, interval: 1000 }).toContain('a person said so')
    await page.getByLabel('Judged').selectOption('Marked by a person')
    await row('Deployments', 'live-2').waitFor({ state: 'detached' })
    await page.getByLabel('Judged').selectOption('Anything')
    await row('Deployments', 'live-3')
      .getByRole('button', { name: /^Say what/ })
      .click()
    await page.getByRole('menuitem', { name: 'Take back what was said' }).click()
    await row('Deployments', 'live-3').getByText('The basket was empty').waitFor({ state: 'detached' })
    await expect.poll(judged, { timeout: 40_000, interval: 1000 }).toContain('Nothing against it')
  })

  test('an incident is written down, charged, resolved and removed', async () => {
    const { page } = mara
    await button(page, 'Add an incident').click()
    await field(page, 'What happened').fill('The till is closed')
    await page.getByRole('dialog').getByLabel('Repository').click()
    await page.getByRole('option', { name: repository }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    await row('Incidents', 'The till is closed').getByText('Lasts').waitFor()
    const judged = async () => {
      await page.reload()
      return row('Deployments', 'live-2').innerText()
    }
    await expect.poll(judged, { timeout: 40_000, interval: 1000 }).toContain('an incident followed')
    await button(page, 'Resolve: The till is closed').click()
    await button(page, 'Open again: The till is closed').waitFor()
    await button(page, 'Remove the incident The till is closed').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No incident is known').waitFor()
  })

  test('two accounts nobody suggests are merged by hand, after a look at what would become of them, and parted again', async () => {
    const { page } = mara
    await plantContributors(world)
    await page.goto(`${world.url}/settings/people`)
    await choose('Person', 'Ada Quill')
    await choose('Also theirs', 'A. Q.')
    await page.getByText('A. Q. will count as Ada Quill').waitFor()
    const panel = page.locator('section').filter({ has: heading(page, 'Merge two accounts') })
    await button(panel, 'Merge').click()
    await page.getByText('The history below takes it back.').waitFor()
    await button(page, 'Take back the merge of A. Q. into Ada Quill').click()
    await row('History of merges', 'A. Q.').getByText('Taken back by Mara Lind').waitFor()
  })

  test('commits with another address are given to a person, and a name is taken away for good', async () => {
    const { page } = mara
    await choose('Account', 'Ada Quill')
    await field(page, 'Commits with this address are theirs too').fill('ada@home.example')
    await button(page, 'Add the address').click()
    await page.getByText('ada@home.example · ').waitFor()
    await button(page, 'Take the name away …').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Type Ada Quill to go on').fill('Ada')
    mara.foresee({ status: 422, path: '/api/v1/contributors/' })
    await button(dialog, 'Take the name away').click()
    await dialog.getByText('this is not the name as it is shown').first().waitFor()
    await field(dialog, 'Type Ada Quill to go on').fill('Ada Quill')
    await button(dialog, 'Take the name away').click()
    await dialog.waitFor({ state: 'detached' })
    const { db } = world.weir.app.context
    const left = await db.selectFrom('contributor').select('id').where('display_name', '=', 'Ada Quill').execute()
    expect(left).toEqual([])
  })

  async function choose(label: string, name: string): Promise<void> {
    await mara.page.getByRole('combobox', { name: label, exact: true }).fill(name)
    await mara.page.getByRole('option', { name: new RegExp(`^${name}`) }).click()
  }
})

/** Two accounts that share nothing but a person. */
async function plantContributors({ weir }: WeirWorld): Promise<void> {
  const { db, newId } = weir.app.context
  const { organization_id } = await db.selectFrom('organization').select('organization_id').executeTakeFirstOrThrow()
  const seen = { organization_id, kind: 'bitbucket' as const, first_seen_at: new Date(), last_seen_at: new Date() }
  for (const [remote_id, display_name] of [
    ['{ada}', 'Ada Quill'],
    ['{aq}', 'A. Q.'],
  ] as const)
    await db
      .insertInto('contributor')
      .values({ ...seen, id: newId(), remote_id, display_name })
      .execute()
}
