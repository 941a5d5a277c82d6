import { availableParallelism, loadavg } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mode } from '../../simulators/bitbucket/model.ts'
import { asOneStory } from './as-one-story.ts'
import { comment, commentIn, deleteComment, editComment, openBitbucket, openItem, sayDone } from './bitbucket-steps.ts'
import { checkConnection, connectBitbucket } from './connection-steps.ts'
import { delivery, openDeliveries, refuseNextComment } from './delivery-steps.ts'
import { acceptInvitation, admin, button, champion, goTo, heading, invite, setUpWeir } from './entry-steps.ts'
import { attachAtTracker, filesAtTracker, readLinked, writeWithFile } from './file-steps.ts'
import { reportWithoutSent, sent } from './story-reports.ts'
import { tellTriage } from './story-triage.ts'
import {
  applyImport,
  chooseReport,
  countMessages,
  itemAddress,
  message,
  messages,
  openChampions,
  openImports,
  openVulnerability,
  readCounts,
  row,
  sendAtOnce,
  untilStatus,
  write,
} from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** How many processes wait for each core: a second of this machine's attention takes that many. */
function crowding(): number {
  return Math.max(1, (loadavg()[0] ?? 1) / availableParallelism())
}

/** From a scanner's report to the developer's answer and back, by hand, against a Bitbucket of this mode. */
export function describeStory(mode: Mode): void {
  describe(`a vulnerability travels to a Bitbucket of mode ${mode} and comes back fixed`, () => {
    let world: WeirWorld
    let mara: Person
    let ines: Person
    let tomas: Person
    let item = ''

    beforeAll(async () => {
      world = await openWeirWorld({ mode })
      mara = await world.comeIn()
      ines = await world.comeIn()
      tomas = await world.comeIn()
      await setUpWeir(mara.page, world, admin)
      await acceptInvitation(ines.page, await invite(mara.page, champion.email, /^Champion/), champion)
      await connectBitbucket(mara.page, world, ['storefront-api'])
      await openBitbucket(tomas.page, world, 'tomas-okoye')
    })
    afterAll(async () => world.close())
    asOneStory(() => ({ mara, ines, tomas }))

    tellTriage(() => ines)

    test('sent by hand from two windows at once, one item stands in Bitbucket', async () => {
      const { page } = ines
      await openVulnerability(page, sent)
      const other = await page.context().newPage()
      await other.goto(page.url())
      await button(other, 'Send to Bitbucket').waitFor()
      await sendAtOnce([page, other], mode === 'legacy' ? 'Bitbucket issues' : undefined)
      item = await itemAddress(page)
      expect(await itemAddress(other)).toBe(item)
      await other.close()

      await openItem(tomas.page, item)
      const thread = commentIn(item)
      if (mode === '2026') {
        expect(await tomas.page.locator(`#comment-${thread}`).innerText()).toContain(sent)
        expect(await tomas.page.locator('.thread').filter({ hasText: sent }).count()).toBe(1)
        expect(await tomas.page.locator('#tasks li').count()).toBe(1)
      } else {
        expect(await heading(tomas.page, sent).or(tomas.page.locator('h1')).innerText()).toContain(sent)
        await tomas.page.goto(item.replace(/\/\d+$/, ''))
        expect(await tomas.page.getByRole('link', { name: sent }).count()).toBe(1)
      }
    })

    test('a developer’s question calls the champion: on the tab, the menu, the bell, the list and in the inbox', async () => {
      const { page } = ines
      await comment(tomas.page, item, { text: 'Is the preview behind a login?' })
      await page.getByRole('tab', { name: 'Security Champions 1 unread messages' }).waitFor()
      await page.getByRole('link', { name: 'Inbox, 1 unread' }).waitFor()
      await page.getByRole('link', { name: /^Inbox.*1 unread notifications/ }).waitFor()
      await goTo(page, 'Vulnerabilities')
      await row(page, sent).getByText('1 unread messages').waitFor()
      await goTo(page, 'Inbox')
      await page.getByRole('article').getByRole('link').first().click()
      await message(page, 'Is the preview behind a login?').getByText('Tomas Okoye').waitFor()
      await page.getByRole('link', { name: 'Inbox, nothing unread' }).waitFor()
    })

    test('what is written in Bitbucket stands on the open page within a second, without reloading', async () => {
      const tookMs: number[] = []
      for (const text of ['It takes `name`.', 'And `badge` soon.', 'Both unescaped, I see.']) {
        const shown = message(ines.page, text.replaceAll('`', '')).waitFor()
        let pressedAt = 0
        await comment(tomas.page, item, {
          text: text.replaceAll('`', ''),
          onSend: () => (pressedAt = performance.now()),
        })
        await shown
        tookMs.push(performance.now() - pressedAt)
      }
      expect(tookMs.toSorted((a, b) => a - b)[1]).toBeLessThan(1000 * crowding())
    })

    test('the champion’s answer is in Bitbucket once, in the same thread, and is no echo', async () => {
      const { page } = ines
      const before = await messages(page).count()
      await write(page, 'It is open to everybody: escape both.')
      await openItem(tomas.page, item)
      const thread = commentIn(item)
      const place = tomas.page.locator(thread === undefined ? '#conversation' : `#thread-${thread}`)
      expect(await place.locator('.prose').getByText('It is open to everybody: escape both.').count()).toBe(1)
      expect(await tomas.page.getByText('It is open to everybody: escape both.').count()).toBe(1)
      await world.simulator.flush()
      await comment(tomas.page, item, { text: 'Thanks, today then.' })
      await message(page, 'Thanks, today then.').waitFor()
      expect(await messages(page).count()).toBe(before + 2)
    })

    test(`a file of the champion stands in Bitbucket${mode === '2026' ? ' as a link to the thread' : ', one of the developer in Weir'}`, async () => {
      const { page } = ines
      await writeWithFile(page, {
        text: 'This shows it.',
        file: { name: 'request.txt', text: 'GET /preview?name=<b>' },
      })
      await openItem(tomas.page, item)
      if (mode === '2026') {
        await message(page, 'This shows it.').getByText('the comment links here instead').waitFor()
        const link = tomas.page.locator('.prose').getByRole('link', { name: 'request.txt' })
        expect(await link.getAttribute('href')).toBe(`${new URL(page.url()).href.split('?')[0]}?tab=champions`)
        return
      }
      const sentFile = filesAtTracker(tomas.page, /^request-\w+\.txt$/)
      expect(await readLinked(tomas.page, sentFile)).toBe('GET /preview?name=<b>')
      await attachAtTracker(tomas.page, { name: 'answer.txt', text: '<b> as it came' })
      await hearOfIssueComments()
      const theirs = message(page, 'answer.txt').getByRole('link', { name: 'answer.txt' })
      await theirs.waitFor()
      expect(await readLinked(page, theirs)).toBe('<b> as it came')
    })

    test('what the developer edits and deletes, changes and goes in Weir', async () => {
      const { page } = ines
      const id = await comment(tomas.page, item, { text: 'I would use a helper.' })
      await message(page, 'I would use a helper.').waitFor()
      await editComment(tomas.page, id, 'I will use the template engine.')
      await hearOfIssueComments()
      await message(page, 'I will use the template engine.').getByText('edited').waitFor()
      expect(await message(page, 'I would use a helper.').count()).toBe(0)
      await deleteComment(tomas.page, id)
      await hearOfIssueComments()
      await message(page, 'This message was deleted.').waitFor()
      expect(await message(page, 'I will use the template engine.').count()).toBe(0)
    })

    test('what the champion edits and deletes, changes and goes in Bitbucket', async () => {
      const { page } = ines
      await write(page, 'The engine excapes by itself.')
      const mine = message(page, 'The engine')
      await button(mine, 'Edit').click()
      await page.getByRole('textbox', { name: 'Edit the message' }).fill('The engine escapes by itself.')
      await button(page, 'Save').click()
      await untilInBitbucket('The engine escapes by itself.', 1)
      expect(await tomas.page.getByText('The engine excapes by itself.').count()).toBe(0)
      await button(message(page, 'The engine escapes by itself.'), 'Delete').click()
      await button(page.getByRole('dialog'), 'Delete').click()
      await untilInBitbucket('The engine escapes by itself.', 0)
    })

    test('the developer says done: the vulnerability awaits validation', async () => {
      await sayDone(tomas.page, item)
      await untilStatus(ines.page, 'Awaiting validation')
    })

    test('the next report without it proves it fixed, and Bitbucket is told', async () => {
      const { page } = ines
      await openImports(page, 'storefront-api')
      await chooseReport(page, reportWithoutSent())
      await applyImport(page)
      expect(await readCounts(page)).toMatchObject({ New: 0, Closed: 1 })
      await goTo(page, 'Vulnerabilities')
      await page.getByText('Closed', { exact: true }).click()
      await row(page, sent).getByText('Fixed').waitFor()
      await untilInBitbucket(/fixed/i, 1)
    })

    test('the deliveries show what went in and out, and one replayed doubles nothing', async () => {
      const { page } = ines
      await openVulnerability(page, sent, 'Closed')
      await openChampions(page)
      const before = await countMessages(page)
      await openDeliveries(page)
      await delivery(page, { way: 'Out', what: 'Create comment' }).getByText('Done').waitFor()
      const received = delivery(page, { way: 'In', what: /comment_created/ })
      await received.getByText('Processed').waitFor()
      await received.getByRole('button', { name: /^Replay webhook .*comment_created/ }).click()
      await page.getByText('Processing it again').waitFor()
      await received.getByText('Nothing new').waitFor()
      await openVulnerability(page, sent, 'Closed')
      await openChampions(page)
      expect(await countMessages(page)).toBe(before)
    })

    test('what Bitbucket refuses says why, and Retry sends it once', async () => {
      const { page } = ines
      refuseNextComment(world)
      await page.getByRole('textbox', { name: 'New message' }).fill('Closed here as well.')
      await button(page, 'Send').click()
      const mine = message(page, 'Closed here as well.')
      await mine.getByText('Not sent').waitFor()
      expect(await mine.innerText()).toContain('The gate is closed')
      await openDeliveries(page)
      const failed = delivery(page, { way: 'Out', what: 'Create comment' })
      await failed.getByText('Failed').waitFor()
      await failed.getByRole('button', { name: /^Retry create comment of #\d+/ }).click()
      await failed.getByText('Done').waitFor()
      await untilInBitbucket('Closed here as well.', 1)
      expect(await tomas.page.locator('.prose').getByText('Closed here as well.').count()).toBe(1)
    })

    /** Bitbucket has no event for a file, or an edited or deleted comment, of an issue: the comparison finds them, asked for at once. */
    async function hearOfIssueComments(): Promise<void> {
      if (mode === 'legacy') await checkConnection(mara.page)
    }

    /** Reloads the item's page in Bitbucket until the text stands there that often at least (0: not at all). */
    async function untilInBitbucket(text: string | RegExp, times: number): Promise<void> {
      await expect
        .poll(
          async () => {
            await openItem(tomas.page, item)
            const found = await tomas.page.locator('.thread, #conversation, #issue-state').getByText(text).count()
            return times === 0 ? found === 0 : found >= times
          },
          { timeout: 10_000, interval: 150 },
        )
        .toBe(true)
    }
  })
}
