// `node bin/run.mjs scripts/take-screenshots.ts`: plays the demonstration's story and takes the pictures of docs/images.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { integrateWays, openIntegrateDialog, screensOf, settle } from '../test/journeys/screens.ts'
import { ensureWebBuilt } from './build-web.ts'
import { freePort, type RunningProcess, startSimulatorProcess, startWeirProcess } from './demo/processes.ts'
import { people, playStory } from './demo/story.ts'
import { shrinkPng } from './shrink-png.ts'

const folder = resolve(import.meta.dirname, '..', 'docs', 'images')
const limitBytes = 3_000_000
const main = ['overview', 'vulnerabilities', 'vulnerability', 'vulnerability-security-champions']
const looks = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
} as const
type Look = keyof typeof looks

async function logIn(browser: Browser, url: string, { look, person }: { look: Look; person: 0 | 1 }): Promise<Page> {
  const context = await browser.newContext({ ...looks[look], locale: 'en-GB', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(url)
  if (look === 'light' && person === 1) await picture(page, 'login')
  await page.locator('input[name=email]').fill(people[person].email)
  await page.locator('input[name=password]').fill(people[person].password)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  await settle(page)
  writeFileSync(join(folder, `${name}.png`), shrinkPng(await page.screenshot()))
}

async function takeAll(browser: Browser, { url, bitbucket }: { url: string; bitbucket: string }): Promise<void> {
  const champion: Record<Look, Page> = {
    dark: await logIn(browser, url, { look: 'dark', person: 1 }),
    phone: await logIn(browser, url, { look: 'phone', person: 1 }),
    light: await logIn(browser, url, { look: 'light', person: 1 }),
  }
  // Screen by screen in every look: the last one, once looked at, has no unread message any more.
  for (const { name, open } of screensOf(url)) {
    if (name === 'settings-audit') continue
    await open(champion.light)
    if (name === 'vulnerability-security-champions') await takeItem(champion.light, bitbucket)
    await picture(champion.light, name)
    if (!main.includes(name)) continue
    for (const look of ['dark', 'phone'] as const) {
      await champion[look].goto(champion.light.url())
      await picture(champion[look], `${name}-${look}`)
    }
  }
  const admin = await logIn(browser, url, { look: 'light', person: 0 })
  await admin.goto(`${url}/settings/audit`)
  await picture(admin, 'settings-audit')
  for (const [index, way] of integrateWays.entries()) {
    await openIntegrateDialog(admin, url, way)
    await picture(admin, `integrate-${['oauth', 'api-token', 'access-token'][index]}`)
  }
}

/** The same conversation as the developers see it. */
async function takeItem(page: Page, bitbucket: string): Promise<void> {
  const link = page.getByText('With the developers').locator('..').getByRole('link').first()
  const item = await link.getAttribute('href')
  const there = await page.context().newPage()
  await there.goto(`${bitbucket}/account/signin/`)
  await there.locator('#log-in-as-tomas-okoye').click()
  await there.goto(item ?? bitbucket)
  await picture(there, 'bitbucket-thread')
  await there.close()
}

mkdirSync(folder, { recursive: true })
const dataFolder = mkdtempSync(join(tmpdir(), 'weir-pictures-'))
const running: RunningProcess[] = []
const stops: (() => Promise<unknown>)[] = []
try {
  await ensureWebBuilt()
  const facts = await startSimulatorProcess({ mode: '2026', port: 0, seed: 1, running })
  const weir = await startWeirProcess({ dataFolder, port: await freePort(0), facts, running })
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
  })
  stops.push(async () => browser.close())
  const fresh = await browser.newPage({ ...looks.light })
  await fresh.goto(weir.baseUrl)
  await picture(fresh, 'setup')
  await playStory({ ...weir, facts, step: async (_name, act) => act() })
  await takeAll(browser, { url: weir.baseUrl, bitbucket: facts.web })
} finally {
  for (const stop of stops.toReversed()) await stop()
  for (const { stop } of running.toReversed()) await stop()
  rmSync(dataFolder, { recursive: true, force: true })
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
console.log(`${readdirSync(folder).length} pictures in docs/images, ${(bytes / 1e6).toFixed(1)} MB`)
if (bytes > limitBytes) process.exitCode = 1
