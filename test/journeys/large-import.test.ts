import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../../bench/generate-report.ts'
import { asOneStory } from './as-one-story.ts'
import { button, heading, setUpWeir } from './entry-steps.ts'
import { openImports, readCounts } from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Enough that writing them takes longer than the time between several news of it. */
const findings = 12_000
/** Where a preview is: its stages are short, so any of them. */
const anyStage = /^(Receiving|Reading|Comparing|Writing) .* · [\d.,]+ ([kM]?B of|findings)/
const told = /^(Reading the report|Writing what changes) · [\d.]+ [kM]?B of [\d.]+ MB · [\d,]+ findings$/

describe('a large import, watched from two browsers', () => {
  let world: WeirWorld
  let mara: Person
  let watcher: Person
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-large-'))
    await writeReport(join(folder, 'large.sarif'), findings)
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    const data = { key: 'quay', name: 'Quay', default_branch: 'main' }
    const made = await mara.page.request.post(`${world.url}/api/v1/assets`, { headers: { origin: world.url }, data })
    if (made.status() !== 201) throw new Error(await made.text())
    watcher = await world.comeIn({ storageState: await mara.page.context().storageState() })
    await watcher.page.goto(`${world.url}/imports`)
    await watcher.page.getByText('Nothing imported yet').waitFor()
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })
  asOneStory(() => ({ mara, watcher }))

  /** Waits for it from now on: what is told may be gone before one looks. */
  const seeProgress = async ({ page }: Person, words: RegExp) => {
    const timeout = 60_000
    const line = page.getByRole('main').getByText(words).first()
    await Promise.all([line.waitFor({ timeout }), page.getByRole('progressbar').first().waitFor({ timeout })])
  }
  const lineOf = ({ page }: Person) =>
    page.getByRole('table', { name: 'Imports' }).getByRole('row').filter({ hasText: 'large.sarif' })

  test('who sends it and somebody else see how far it is, then what it would change', async () => {
    await openImports(mara.page, 'Quay')
    const seen = Promise.all([seeProgress(mara, anyStage), seeProgress(watcher, anyStage)])
    const asked = mara.page.waitForEvent('filechooser')
    await button(mara.page, 'Choose a file').click()
    await (await asked).setFiles(join(folder, 'large.sarif'))
    await seen
    await heading(mara.page, 'Preview: nothing has changed yet').waitFor({ timeout: 60_000 })
    await lineOf(watcher).getByText('Preview').waitFor()
    expect(await mara.page.getByRole('progressbar').count()).toBe(0)
  }, 120_000)

  test('both see stage, bytes and findings while it is applied, and that it is done', async () => {
    const seen = Promise.all([seeProgress(mara, told), seeProgress(watcher, told)])
    await button(mara.page, 'Apply').click()
    await seen
    await heading(mara.page, 'What this import did').waitFor({ timeout: 60_000 })
    const counted = await mara.page.locator('dl').first().getByText(findings.toLocaleString('en-GB')).count()
    expect(counted).toBe(1)
    expect(await readCounts(mara.page)).toMatchObject({ Closed: 0 })
    await lineOf(watcher).getByText('Applied').waitFor()
    expect(await watcher.page.getByRole('progressbar').count()).toBe(0)
    const log = mara.page.getByRole('list', { name: 'Log' }).getByRole('listitem')
    await log
      .filter({ hasText: `Report read` })
      .filter({ hasText: `${findings.toLocaleString('en-GB')} findings` })
      .first()
      .waitFor()
    await log.filter({ hasText: 'Applied by Mara Lind' }).waitFor()
  }, 120_000)
})
