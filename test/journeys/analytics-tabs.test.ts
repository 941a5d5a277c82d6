import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/db.ts'
import { computeChangedFigures } from '../../src/usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../../src/usecases/delivery/deployments/compute-deployments.ts'
import { fillDeliveryPlace, insertPullRequests } from '../delivery-facts.ts'
import { insertBreakdowns } from '../many-breakdowns.ts'
import { insertDeployments, makeDeployments } from '../many-deployments.ts'
import { insertPipelines, makePipelines } from '../many-pipelines.ts'
import { makePullRequests, people, repositories } from '../many-pull-requests.ts'
import { asOneStory } from './as-one-story.ts'
import { button, setUpWeir } from './entry-steps.ts'
import { judgePage } from './judge-page.ts'
import { settle } from './screens.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const period = 'from=2026-03-01&to=2026-04-15'

/** What many pull requests, deployments and pipelines of six weeks are, in the organization that was set up. */
async function fill(db: Db): Promise<void> {
  const { organization_id: organizationId } = await db
    .selectFrom('organization')
    .select('organization_id')
    .executeTakeFirstOrThrow()
  await fillDeliveryPlace(db, { organizationId, connectionId: repositories[0]?.id ?? '', repositories, people })
  const pullRequests = makePullRequests(90)
  await insertPullRequests(db, organizationId, pullRequests)
  await insertBreakdowns(db, organizationId, pullRequests)
  await insertDeployments(db, organizationId, makeDeployments())
  await insertPipelines(db, organizationId, makePipelines())
  await computeChangedFigures({ db, clock: () => new Date() })
  while ((await computeChangedDeployments({ db })) > 0);
}

describe('the tabs of Analytics, filled', () => {
  let world: WeirWorld
  let mara: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn({ colorScheme: 'light' })
    await setUpWeir(mara.page, world)
    await fill(world.weir.app.context.db)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('pipelines have their figures, and deployments what they count as', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=pipelines&${period}`)
    await settle(page)
    await page.getByRole('table', { name: 'What made Successful pipelines' }).getByRole('row').nth(1).waitFor()
    const deployments = page.getByRole('table', { name: 'Latest deployments' })
    await deployments.getByText('Failed: an incident followed').first().waitFor()
    expect(await judgePage(page)).toEqual([])
  })

  test('from all deployments the way back leads to the view one came from', async () => {
    const { page } = mara
    const place = `${world.url}/analytics?group=flow&metric=pickup_time&branch=main&${period}`
    await page.goto(place)
    await settle(page)
    await page.goto(`${world.url}/analytics?group=dora&metric=deploy_time&branch=main&${period}`)
    await page.getByRole('link', { name: 'All deployments and incidents' }).click()
    await page.getByLabel('Period').getByText('2026-03-01 to 2026-04-15').waitFor({ state: 'attached' })
    await page.getByLabel('Judged').selectOption('Failed changes')
    await page.getByRole('link', { name: 'Analytics', exact: true }).last().click()
    await page.getByRole('button', { name: /^Deploy time/, pressed: true }).waitFor()
    const { searchParams } = new URL(page.url())
    expect(['branch', 'from', 'to'].map((name) => searchParams.get(name))).toEqual(['main', '2026-03-01', '2026-04-15'])
    await page.goto(`${world.url}/settings/deployments`)
    await page.getByRole('table', { name: 'Source of each repository' }).getByRole('link').first().click()
    await page.getByRole('link', { name: 'Settings · Deployments' }).click()
    await page.getByRole('heading', { name: 'What really counts' }).waitFor()
  })

  test('every tab is in sight at 1280 pixels, and the chosen one on a telephone', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=compare&${period}`)
    await settle(page)
    const right = async (name: string) => {
      const box = await page.getByRole('tab', { name, exact: true }).boundingBox()
      return (box?.x ?? 0) + (box?.width ?? 0)
    }
    expect(await right('Side by side')).toBeLessThanOrEqual(1280)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${world.url}/analytics?group=agreements&${period}`)
    await settle(page)
    expect(await right('Agreements')).toBeLessThanOrEqual(390)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  test('figures that a label cannot narrow say so', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=dora&label=Eager&${period}`)
    await page.getByRole('button', { name: /^Deployments a day.*all labels/ }).waitFor()
    await page.getByRole('button', { name: /^Lead time/ }).waitFor()
    expect(await page.getByRole('button', { name: /^Lead time.*all labels/ }).count()).toBe(0)
    await page.goto(`${world.url}/analytics?group=pipelines&label=Eager&${period}`)
    await page.getByText('Of all branches and labels: a deployment has neither.').waitFor()
    await page.goto(`${world.url}/analytics?group=activity&label=Eager&${period}`)
    await page.getByText('Of all branches and labels: a working day has neither.').waitFor()
  })

  test('what made one number is told in tables that fit a telephone', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=flow&metric=pickup_time&${period}`)
    await page
      .getByRole('button', { name: /^Explain Pickup time/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    const moments = dialog.getByRole('table', { name: 'Moments, and the rule behind each' })
    await moments.getByRole('row', { name: /^First review/ }).waitFor()
    expect(await dialog.innerText()).not.toMatch(/\d{4}-\d\d-\d\dT/)
    expect(await judgePage(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('a pull request and a label are left out of figures with a reason, listed, and count again', async () => {
    const { page } = mara
    await page.goto(`${world.url}/settings/left-out`)
    const table = page.getByRole('table', { name: 'Left out of figures' })
    // What the facts bring along, said by nobody here.
    await table.getByText('A rehearsal').first().waitFor()
    await page.getByRole('button', { name: 'Leave out', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What').selectOption('Pull requests of a label')
    expect(await judgePage(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.goto(`${world.url}/analytics?group=flow&metric=pr_cycle_time&${period}`)
    const rows = page.getByRole('table', { name: 'What made Cycle time of pull requests' })
    await rows.getByRole('link').first().click()
    await page.getByRole('button', { name: 'Leave out of figures' }).click()
    await dialog.getByLabel('Reason').fill('An import of old code')
    expect(await judgePage(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Leave it out' }).click()
    await page.getByRole('button', { name: 'Count it again' }).waitFor()
    await page.goto(`${world.url}/settings/left-out`)
    const row = table.getByRole('row').filter({ hasText: 'An import of old code' })
    await row.getByText(/^Mara/).waitFor()
    expect(await judgePage(page)).toEqual([])
    await row.getByRole('button', { name: /^Count again/ }).click()
    await row.waitFor({ state: 'detached' })
  })

  test('who reviews whom is without names until somebody decides otherwise, and then with them', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=reviews&${period}`)
    await settle(page)
    const matrix = page.getByRole('region', { name: /Who reviews whom/ })
    await matrix.getByRole('rowheader', { name: 'Reviewer 1' }).waitFor()
    expect(await matrix.getByText('Ada Quill').count()).toBe(0)
    await world.weir.app.context.db
      .insertInto('people_settings')
      .columns(['organization_id', 'has_person_pages', 'updated_at'])
      .expression((from) =>
        from
          .selectFrom('organization')
          .select((of) => ['organization_id', of.val(true).as('on'), of.fn<Date>('now').as('at')]),
      )
      .execute()
    await page.reload()
    await settle(page)
    await matrix.getByRole('rowheader', { name: 'Ada Quill' }).waitFor()
    await matrix.focus()
    expect(await judgePage(page)).toEqual([])
  })

  test('working days are those of everybody', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=activity&${period}`)
    await settle(page)
    await page.getByRole('table', { name: 'Working days by team' }).getByText('Everybody').waitFor()
    expect(await judgePage(page)).toEqual([])
  })

  test('categories of work begin uncategorised; rules are tried, saved and followed at once', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=investment&${period}`)
    await settle(page)
    await page.getByText('There are no rules yet, so that all of it is uncategorised.').waitFor()
    await button(page, 'Add a rule').click()
    await page.getByLabel('Category 1').fill('Tills')
    await page.getByLabel('Looks at 1').selectOption('title')
    await page.getByLabel('Pattern 1').fill('Change 1*')
    await button(page, 'Try').click()
    await page.getByText(/^would take \d+$/).waitFor()
    await button(page, 'Save').click()
    const categories = page.getByRole('table', { name: 'Categories of work' })
    await categories.getByRole('button', { name: 'Tills' }).click()
    await page.getByText('Pull requests of Tills.').waitFor()
    await page.getByLabel('Looks at 1').selectOption('path')
    await page.getByLabel('Pattern 1').fill('docs/*')
    await button(page, 'Add a rule').click()
    await page.getByLabel('Category 2').fill('Security')
    await page.getByLabel('Looks at 2').selectOption('vulnerability')
    await page.getByText('It remedies one').waitFor()
    await button(page, 'Save').click()
    await page.getByText(/^Of \d+ pull requests the changed files are not known/).waitFor()
    expect(await judgePage(page)).toEqual([])
  })

  test('what lines are changed says its shares and what they are of, and opens their pull requests', async () => {
    const { page } = mara
    await page.goto(`${world.url}/analytics?group=investment&${period}`)
    await settle(page)
    const kinds = page.getByRole('table', { name: 'Changed lines by kind' })
    await kinds.getByRole('row', { name: /Rework .* lines · [\d.]+%/ }).waitFor()
    await page
      .getByText(/left out: of more than 10,000 lines or 300 files/)
      .first()
      .waitFor()
    expect(await judgePage(page)).toEqual([])
    await kinds.getByRole('button', { name: 'Rework' }).click()
    await page.getByRole('table', { name: 'What made Rework' }).getByRole('row').nth(1).waitFor()
  })
})
