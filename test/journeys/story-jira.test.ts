import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../../simulators/jira/simulator.ts'
import { asOneStory } from './as-one-story.ts'
import { acceptInvitation, button, champion, field, goTo, heading, invite, setUpWeir } from './entry-steps.ts'
import { attachAtTracker, filesAtTracker, readLinked, writeWithFile } from './file-steps.ts'
import {
  choose,
  commentOn,
  connectJira,
  createIssueIn,
  deleteCommentOn,
  editCommentOn,
  moveIssue,
  openJira,
} from './jira-steps.ts'
import {
  applyImport,
  chooseReport,
  itemAddress,
  message,
  messages,
  openChampions,
  openImports,
  openVulnerability,
  row,
  untilStatus,
  write,
} from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

const door = (number: number) => ({
  ruleId: `door-${number}`,
  level: 'error',
  message: { text: `Door ${number} is open` },
  locations: [{ physicalLocation: { artifactLocation: { uri: `src/door-${number}.ts` }, region: { startLine: 3 } } }],
})
const report = (numbers: readonly number[]) => {
  const rules = numbers.map((number) => ({
    id: `door-${number}`,
    shortDescription: { text: `Door ${number} is open` },
  }))
  const driver = { name: 'Lantern', version: '2.1', rules }
  const text = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results: numbers.map(door) }] })
  return { name: `doors-${numbers.length}.sarif`, text }
}
/** Set to a folder to keep pictures of the steps. */
const pictures = process.env['WEIR_PICTURES']

const sent = 'Door 1 is open'
const known = 'Door 2 is open'

describe('a vulnerability travels to Jira and comes back fixed; another one is linked to what is there', () => {
  let world: WeirWorld
  let jira: Simulator
  let mara: Person
  let ines: Person
  let tomas: Person
  let issue = ''

  beforeAll(async () => {
    jira = await startSimulator()
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    ines = await world.comeIn()
    tomas = await world.comeIn()
    await setUpWeir(mara.page, world)
    const data = { key: 'quay', name: 'Quay', default_branch: 'main' }
    const made = await mara.page.request.post(`${world.url}/api/v1/assets`, { headers: { origin: world.url }, data })
    if (made.status() !== 201) throw new Error(await made.text())
    await acceptInvitation(ines.page, await invite(mara.page, champion.email, /^Champion/), champion)
    await openJira(tomas.page, jira, 'tomas')
  })
  afterAll(async () => {
    await world.close()
    await jira.close()
  })
  asOneStory(() => ({ mara, ines, tomas }))

  test('the site is connected by a token, and Weir makes its webhook', async () => {
    const { page } = mara
    await connectJira(page, jira, 'mara')
    await page.getByRole('table', { name: 'Webhooks' }).getByText('Healthy').waitFor()
  })

  test('a route offers project, issue type and its fields; what Jira asks for cannot be left out', async () => {
    const { page } = ines
    ines.foresee({ status: 422, path: '/api/v1/routes' })
    await goTo(page, 'Routes')
    await button(page, 'Make the first route').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Tracker').selectOption('Jira')
    await field(dialog, 'Connection').selectOption({ index: 1 })
    await choose(dialog, { label: 'Project', option: 'LEDG · Ledger' })
    await field(dialog, 'Issue type').selectOption('Security defect')
    await field(dialog, 'Data class').waitFor()
    await button(dialog, 'Make the route').click()
    await dialog.getByText('Data class is required by Jira for issues of this type.').first().waitFor()
    await picture('route-lacks-a-field')
    await choose(dialog, { label: 'Project', option: 'SHOP · Storefront' })
    await field(dialog, 'Issue type').selectOption('Bug')
    await dialog.getByText('More fields of this issue type').click()
    await field(dialog, 'Scanner reference').fill('lantern')
    await field(dialog, 'Origin').selectOption('Own code')
    await field(dialog, 'Origin: Own code').selectOption('Back end')
    await picture('route-with-fields')
    await button(dialog, 'Make the route').click()
    await heading(page, 'Default').waitFor()
  })

  test('sent, it stands there as an issue with the fields of the route', async () => {
    const { page } = ines
    await openImports(page, 'Quay')
    await chooseReport(page, report([1, 2, 3, 4, 5]))
    await applyImport(page)
    await openVulnerability(page, sent)
    await button(page, 'Send to Jira').click()
    issue = await itemAddress(page)
    await tomas.page.goto(issue)
    expect(await tomas.page.locator('#issue-summary').innerText()).toContain(sent)
    expect(await tomas.page.locator('#issue-priority').innerText()).toBe('High')
    await tomas.page.getByText('lantern').first().waitFor()
  })

  test('a developer asks in Jira, the champion answers from Weir; each message stands once on each side', async () => {
    const { page } = ines
    await commentOn(tomas.page, issue, 'Which door is that?')
    await openChampions(page)
    await message(page, 'Which door is that?').getByText('Tomas Okoye').waitFor()
    await write(page, 'The one at the quay.')
    await tomas.page.goto(issue)
    await tomas.page.locator('.comment').filter({ hasText: 'The one at the quay.' }).waitFor()
    expect(await tomas.page.locator('.comment').count()).toBe(2)
    expect(await messages(page).count()).toBe(2)
  })

  test('edits and deletions travel both ways', async () => {
    const { page } = ines
    const id = await commentOn(tomas.page, issue, 'I lock it tomorow.')
    await message(page, 'I lock it tomorow.').waitFor()
    await editCommentOn(tomas.page, id, 'I lock it tomorrow.')
    await message(page, 'I lock it tomorrow.').getByText('edited').waitFor()
    await deleteCommentOn(tomas.page, id)
    await message(page, 'This message was deleted.').waitFor()
    await button(message(page, 'The one at the quay.'), 'Edit').click()
    await page.getByRole('textbox', { name: 'Edit the message' }).fill('The one at the north quay.')
    await button(page, 'Save').click()
    await untilInJira('The one at the north quay.', 1)
    await button(message(page, 'The one at the north quay.'), 'Delete').click()
    await button(page.getByRole('dialog'), 'Delete').click()
    await untilInJira('The one at the north quay.', 0)
  })

  test('files travel both ways', async () => {
    const { page } = ines
    await writeWithFile(page, { text: 'The log of that night.', file: { name: 'door.txt', text: 'opened at nine' } })
    await tomas.page.goto(issue)
    expect(await readLinked(tomas.page, filesAtTracker(tomas.page, /^door-\w+\.txt$/))).toBe('opened at nine')
    await attachAtTracker(tomas.page, { name: 'lock.txt', text: 'two turns' })
    const theirs = message(page, 'lock.txt').getByRole('link', { name: 'lock.txt' })
    await theirs.waitFor()
    expect(await readLinked(page, theirs)).toBe('two turns')
  })

  test('done in Jira it awaits validation; the next report without it proves it fixed', async () => {
    const { page } = ines
    await moveIssue(tomas.page, issue, '31')
    await untilStatus(page, 'Awaiting validation')
    await openImports(page, 'Quay')
    await chooseReport(page, report([2, 3, 4, 5]))
    await applyImport(page)
    await goTo(page, 'Vulnerabilities')
    await page.getByText('Closed', { exact: true }).click()
    await row(page, sent).getByText('Fixed').waitFor()
    await untilInJira(/fixed/i, 1)
  })

  test('another one is linked to an issue that is there already, with what was said on it', async () => {
    const { page } = ines
    const key = await createIssueIn(tomas.page, jira, { project: 'SHOP', summary: 'Somebody walked in' })
    await commentOn(tomas.page, `${jira.site}/browse/${key}`, 'Seen by a customer.')
    await openVulnerability(page, known)
    await button(page, 'Link to a Jira issue').click()
    const dialog = page.getByRole('dialog')
    await field(dialog, 'Issue').fill(`${jira.site}/browse/${key}`)
    await picture('link')
    await button(dialog, 'Link').click()
    expect(await itemAddress(page)).toBe(`${jira.site}/browse/${key}`)
    await page.getByText(key, { exact: false }).first().waitFor()
    await openChampions(page)
    await message(page, 'Seen by a customer.').getByText('Tomas Okoye').waitFor()
    await tomas.page.reload()
    expect(await tomas.page.locator('#issue-labels').innerText()).toContain('weir-')
  })

  test('parted again the issue stays as it was, and the thread stays here', async () => {
    const { page } = ines
    await button(page, 'Unlink from Jira').click()
    await button(page.getByRole('dialog'), 'Unlink').click()
    await page.getByText('Parted by Ines Calder.').waitFor()
    await expect
      .poll(async () => {
        await tomas.page.reload()
        return tomas.page.locator('#issue-labels').innerText()
      })
      .toBe('')
    await message(page, 'Seen by a customer.').waitFor()
    await button(page, 'Send to Jira').waitFor()
  })

  /** Of the dialog that is open, on a wide and on a narrow screen, light and dark. */
  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return
    const { page } = ines
    const wide = page.viewportSize() ?? { width: 1280, height: 900 }
    await mkdir(pictures, { recursive: true })
    for (const [width, height] of [
      [wide.width, 1500],
      [390, 1800],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: join(pictures, `jira-${name}-${width}-${colorScheme}.png`) })
      }
    await page.emulateMedia({ colorScheme: null })
    await page.setViewportSize(wide)
  }

  /** Reloads the issue until that many comments hold the text. */
  async function untilInJira(text: string | RegExp, times: number): Promise<void> {
    await expect
      .poll(
        async () => {
          await tomas.page.goto(issue)
          return tomas.page.locator('.comment').filter({ hasText: text }).count()
        },
        { timeout: 10_000, interval: 150 },
      )
      .toBe(times)
  }
})
