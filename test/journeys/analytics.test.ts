import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditActor } from '../../src/usecases/access/audit.ts'
import { computeChangedFigures } from '../../src/usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../../src/usecases/delivery/deployments/compute-deployments.ts'
import { updatePeopleSettings } from '../../src/usecases/delivery/people/people-settings.ts'
import { addTeamMember } from '../../src/usecases/delivery/teams/team-members.ts'
import { createTeam } from '../../src/usecases/delivery/teams/teams.ts'
import { fillDeliveryPlace, insertPullRequests } from '../delivery-facts.ts'
import { insertDeployments, makeDeployments } from '../many-deployments.ts'
import { makePullRequests, people, repositories } from '../many-pull-requests.ts'
import { asOneStory } from './as-one-story.ts'
import { button, field, heading, setUpWeir } from './entry-steps.ts'
import { settle } from './screens.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** The weeks of which `makePullRequests` tells. */
const weeks = 'from=2026-03-01&to=2026-04-20'
const actor: AuditActor = { kind: 'system', name: 'Greta Admin' }

describe('figures through a lens', () => {
  let world: WeirWorld
  let mara: Person
  let organizationId: string

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    await fill()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  /** Pull requests and deployments of six weeks, and a team of two of the three who made them, under another one. */
  async function fill(): Promise<void> {
    const { context } = world.weir.app
    const { db, newId } = context
    organizationId = (await db.selectFrom('organization').select('organization_id').executeTakeFirstOrThrow())
      .organization_id
    await fillDeliveryPlace(db, { organizationId, connectionId: newId(), repositories, people })
    await insertPullRequests(db, organizationId, makePullRequests(90))
    await insertDeployments(db, organizationId, makeDeployments())
    const asked = { organizationId, actor }
    const above = await createTeam(context, { ...asked, name: 'Harbour', parentId: null, timeZone: 'Europe/Berlin' })
    const team = await createTeam(context, { ...asked, name: 'Quay', parentId: above.id, timeZone: null })
    for (const { id: contributorId } of people.slice(0, 2))
      await addTeamMember(context, { ...asked, id: team.id, contributorId, role: 'member', from: null, to: null })
    while ((await computeChangedFigures(context)) > 0);
    while ((await computeChangedDeployments(context)) > 0);
  }

  const table = (name: string) => mara.page.getByRole('table', { name })
  const address = () => new URL(mara.page.url()).searchParams
  async function open(search: string): Promise<void> {
    await mara.page.goto(`${world.url}/analytics?${weeks}&${search}`)
    await settle(mara.page)
  }

  test('repositories stand side by side, are sorted by a figure, and are saved as they stand', async () => {
    const { page } = mara
    await open('group=compare')
    const rows = table('Repositories side by side').getByRole('row')
    expect(await rows.nth(1).innerText()).toMatch(/storefront-api[^]*n = \d/)
    await button(page, 'Merged pull requests').click()
    await expect.poll(() => address().get('sort')).toBe('pr_throughput')
    expect(address().get('direction')).toBe('descending')
    await settle(page)
    const download = page.waitForEvent('download')
    await button(page, 'Save all rows as CSV').click()
    const file = await readFile(await (await download).path(), 'utf8')
    expect(file.split('\r\n')).toHaveLength(3)
    expect(file).toContain('Merged pull requests: n')
  })

  test('a row opens its own figures; teams stand beside each other with those below them', async () => {
    const { page } = mara
    await page.getByText('Teams', { exact: true }).last().click()
    const rows = table('Teams side by side').getByRole('row')
    await page.getByRole('link', { name: 'Quay' }).waitFor()
    expect(await rows.count()).toBe(3)
    const [harbour, quay] = [await rows.nth(1).innerText(), await rows.nth(2).innerText()]
    const figuresOf = (row: string) => row.slice(row.indexOf('	'))
    expect(figuresOf(harbour)).toBe(figuresOf(quay))
    await page.getByRole('link', { name: 'Quay' }).click()
    await expect.poll(() => address().getAll('team')).toHaveLength(1)
    await settle(page)
    await page.getByRole('tab', { name: 'Flow', exact: true }).click()
    expect(address().getAll('team')).toHaveLength(1)
  })

  test('team hours are in the address, and less than all hours', async () => {
    const { page } = mara
    await open('group=flow&metric=pr_cycle_time')
    const card = page.getByRole('button', { name: /^Cycle time/ })
    const before = await card.innerText()
    await page.getByLabel('Durations').selectOption('business')
    await expect.poll(() => address().get('hours')).toBe('business')
    await expect.poll(async () => card.innerText()).not.toBe(before)
    await page.reload()
    expect(await page.getByLabel('Durations').inputValue()).toBe('business')
  })

  test('a label is a rule an administrator makes, and a filter of everybody', async () => {
    const { page } = mara
    await button(page, 'Rules of labels').click()
    const dialog = page.getByRole('dialog', { name: 'Rules of labels' })
    await dialog.getByLabel('Label 1').fill('Ends in 5')
    await dialog.getByLabel('looks like').fill('change *5')
    await button(dialog, 'Save').click()
    await dialog.waitFor({ state: 'detached' })
    await page
      .locator('input')
      .and(page.getByLabel('Labels', { exact: true }))
      .click()
    await page.getByRole('option', { name: 'Ends in 5' }).click()
    await expect.poll(() => address().get('label')).toBe('Ends in 5')
    await page.keyboard.press('Escape')
    await settle(page)
    const titles = await table('What made Cycle time').getByRole('link').allInnerTexts()
    expect(titles.length).toBeGreaterThan(2)
    expect(titles.filter((title) => !title.trim().endsWith('5'))).toEqual([])
  })

  test('each one is a dot that opens the same page as its row', async () => {
    const { page } = mara
    await open('group=flow&metric=pr_cycle_time')
    const row = await table('What made Cycle time').getByRole('link').first().getAttribute('href')
    await page.getByText('Each one', { exact: true }).click()
    const dots = page.getByRole('figure', { name: /^Cycle time/ }).locator('svg a')
    await dots.first().waitFor()
    const addresses = await dots.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    expect(addresses.filter((one) => !one.startsWith(`${world.url}/analytics/pull-requests/`))).toEqual([])
    expect(addresses).toContain(`${world.url}${row}`)
  })

  test('a pull request has a page that says what happened, when, and what did not count', async () => {
    const { page } = mara
    await open('group=flow&metric=pr_cycle_time')
    await table('What made Cycle time').getByRole('link').nth(2).click()
    await heading(page, 'What happened').waitFor()
    await settle(page)
    expect(await page.getByRole('table', { name: 'Phases' }).innerText()).toContain('Waiting for review')
    const text = await page.getByRole('main').innerText()
    expect(text).toMatch(/reviewer 1/)
    for (const { name } of people.slice(0, 3)) expect(text).not.toContain(name)
  })

  test('people have their names there where the organization has pages of persons', async () => {
    const { page } = mara
    const settings = { has_person_pages: true, has_rankings: false, time_zone: 'UTC' }
    await updatePeopleSettings(world.weir.app.context, { organizationId, settings, actor })
    await page.reload()
    await heading(page, 'What happened').waitFor()
    expect(await page.getByRole('main').innerText()).toMatch(/Opened by (Ada Quill|Ben Oar|Cleo Weft)/)
  })

  test('a pull request that is none says so', async () => {
    const { page } = mara
    mara.foresee({ status: 404, path: '/api/v1/analytics/pull-requests/' })
    await page.goto(`${world.url}/analytics/pull-requests/${organizationId}`)
    await heading(page, 'This pull request does not exist').waitFor()
  })

  test('one figure that fails leaves the others, and is tried again by itself', async () => {
    const { page } = mara
    let isDown = true
    mara.foresee({ status: 503, path: '/api/v1/analytics/metrics/pickup_time' })
    await page.route('**/api/v1/analytics/metrics/pickup_time?*', async (route) =>
      isDown ? route.fulfill({ status: 503, body: '{}' }) : route.fallback(),
    )
    await open('group=flow&metric=pr_cycle_time')
    const retry = button(page, 'Try again: Pickup time')
    await retry.waitFor()
    expect(await page.getByRole('button', { name: /^Cycle time/ }).innerText()).toMatch(/n = \d/)
    isDown = false
    await retry.click()
    await page.getByRole('button', { name: /^Pickup time/ }).waitFor()
  })

  test('nothing that fits is said, with the way back', async () => {
    const { page } = mara
    await open('group=compare&name=no+such+name')
    await heading(page, 'Nothing fits').waitFor()
    await button(page, 'Clear name, teams and repositories').click()
    await table('Repositories side by side').waitFor()
    expect(await field(page, 'Search by name of the repository').inputValue()).toBe('')
  })
})
