import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'

let simulator: Simulator
let browser: Browser
const repository = '/meadow-goods/storefront-api'
const api = '/repositories/meadow-goods/storefront-api'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 2, callbackUrl: 'http://127.0.0.1:9/callback' })
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser.close()
  await simulator.close()
})

interface Look {
  width?: number
  colorScheme?: 'light' | 'dark'
}

async function open({ width = 1280, colorScheme = 'light' }: Look = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' })
  return await context.newPage()
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${simulator.web}${path}`)
}

/** Presses Tab until the element has the focus: what cannot be reached so does not exist for many people. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return
  }
  throw new Error(`${selector} is not reached by Tab on ${page.url()}`)
}

/** Enter follows links and presses buttons; the page that comes of it is waited for. */
async function enter(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

async function unfold(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.press('Enter')
}

async function write(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.type(text)
}

async function logIn(page: Page, username: string, password: string): Promise<void> {
  await visit(page, '/account/signin/')
  await page.waitForFunction("document.activeElement?.id === 'username'")
  await page.keyboard.type(username)
  await write(page, '#password', password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/dashboard/overview')
}

async function texts(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).allInnerTexts()).join(' ')
}

describe('a developer with a keyboard alone', () => {
  let page: Page
  const mara = () => askAs(simulator, 'mara-lind')

  beforeAll(async () => {
    page = await open()
    await logIn(page, 'tomas-okoye', 'tomas')
  })

  test('skips to the content, and finds a repository and a file', async () => {
    await visit(page, '/dashboard/overview')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/dashboard/overview#main')
    await enter(page, `a[href="${repository}"]`)
    await enter(page, 'a[href$="/src/main/package.json"]')
    expect(await texts(page, 'h1')).toBe('package.json')
    expect(await texts(page, '#source')).toContain('"name": "storefront-api"')
  })

  test('says something about a line of a commit', async () => {
    await visit(page, `${repository}/commits`)
    await enter(page, '#commits a')
    await enter(page, '#diff a.add')
    await write(page, '#inline-comment-content', 'Which version is this?')
    await enter(page, '#inline-comment-save')
    expect(await texts(page, '#conversation')).toContain('Which version is this?')
    expect(await texts(page, '#diff tr.talk')).toContain('1 comment by Tomas Okoye')
  })

  test('makes a pull request as a draft, and calls it ready', async () => {
    await mara()('POST', `${api}/refs/branches`, { name: 'feature/keys', target: { hash: 'chore/upgrade-express' } })
    await visit(page, `${repository}/pull-requests`)
    await enter(page, '#new-pull-request')
    await tabTo(page, '#source')
    await page.keyboard.type('feature/keys')
    await write(page, '#title', 'By keyboard')
    await write(page, '#description', 'Not a *single* click.')
    await tabTo(page, 'input[name="reviewer"]')
    await page.keyboard.press('Space')
    await tabTo(page, 'input[name="draft"]')
    await page.keyboard.press('Space')
    await enter(page, '#create-pull-request')
    expect(await texts(page, '#pull-request-state')).toMatch(/draft.*feature\/keys/s)
    expect(await texts(page, '#participants')).toContain('reviewer')
    await enter(page, '#draft')
    expect(await texts(page, '#pull-request-state')).not.toContain('draft')
  })

  test('declines it with a reason', async () => {
    await unfold(page, '#decline-open')
    await write(page, '#decline-reason', 'Later')
    await enter(page, '#decline')
    expect(await texts(page, '#pull-request-state')).toContain('declined')
    expect(await texts(page, 'main')).toContain('Declined: Later')
  })

  test('talks in a thread on a line, sets a task, resolves both', async () => {
    await visit(page, `${repository}/pull-requests/4`)
    await enter(page, '#diff a.add')
    await write(page, '#inline-comment-content', 'Is this **safe**?')
    await enter(page, '#inline-comment-save')
    const thread = `#thread-${new URL(page.url()).hash.replace('#comment-', '')}`
    const id = thread.replace('#thread-', '')
    expect(await page.locator(`${thread} strong`, { hasText: 'safe' }).count()).toBe(1)
    await unfold(page, `#reply-${id}-open`)
    await write(page, `#reply-${id}-content`, 'I think so.')
    await enter(page, `#reply-${id}-save`)
    expect(await texts(page, thread)).toContain('I think so.')
    await enter(page, `#resolve-${id}`)
    expect(await texts(page, '#diff')).toContain('resolved')
    await unfold(page, '#new-task-open')
    await write(page, '#new-task-content', 'Add a test')
    await enter(page, '#new-task-save')
    expect(await texts(page, '#tasks')).toContain('Add a test')
    await enter(page, '[id^="resolve-task-"]')
    expect(await texts(page, '#tasks-heading')).toContain('0 open')
  })

  test('sees builds, reports and what they say of a line', async () => {
    const pull = await mara()('GET', `${api}/pullrequests/4`)
    const commit = `${api}/commit/${String(pull.at('source', 'commit', 'hash'))}`
    await mara()('PUT', `${commit}/reports/scan`, {
      title: 'Scan',
      details: 'One finding',
      report_type: 'SECURITY',
      result: 'FAILED',
    })
    await mara()('POST', `${commit}/reports/scan/annotations`, [
      {
        external_id: 'a',
        annotation_type: 'VULNERABILITY',
        summary: 'SQL made of text',
        severity: 'HIGH',
        path: 'src/routes/orders.js',
        line: 15,
      },
    ])
    await visit(page, `${repository}/pull-requests/4`)
    await unfold(page, '#report-scan summary')
    expect(await texts(page, '#report-scan')).toMatch(/failed.*One finding.*SQL made of text/s)
    expect(await texts(page, '[data-path="src/routes/orders.js"] .note')).toContain('SQL made of text')
  })

  test('requests changes, thinks better of it, approves and merges with a strategy and a message', async () => {
    await visit(page, `${repository}/pull-requests/4`)
    await enter(page, '#request-changes')
    expect(await texts(page, '#participants')).toContain('changes requested')
    await enter(page, '#remove-request-changes')
    await enter(page, '#approve')
    expect(await texts(page, '#participants')).toContain('approved')
    await unfold(page, '#merge-open')
    await tabTo(page, '#merge-strategy')
    await page.keyboard.type('squash')
    await write(page, '#merge-message', 'Sorted search, by keyboard')
    await enter(page, '#merge')
    expect(await texts(page, '#pull-request-state')).toContain('merged')
    const commits = await mara()('GET', `${api}/commits/main?pagelen=1`)
    expect(commits.text).toContain('Sorted search, by keyboard')
  })

  test('grants and denies access to a program', async () => {
    const callback = await openReceiver()
    simulator.setCallbackUrl(callback.url)
    const query = new URLSearchParams({ client_id: simulator.oauth_consumer.key, response_type: 'code', state: 's' })
    for (const [button, wanted] of [
      ['#grant-access', 'code'],
      ['#deny-access', 'error'],
    ] as const) {
      await visit(page, `/site/oauth2/authorize?${query.toString()}`)
      await enter(page, button)
      const { searchParams, pathname } = new URL(page.url())
      expect([pathname, searchParams.get('state'), searchParams.has(wanted)]).toEqual(['/hook', 's', true])
    }
    await callback.close()
  })
})

/** Every page, for one who may see them all; `HASH` and `HOOK` stand for a commit and a webhook. */
const addresses = [
  '/dashboard/overview',
  '/meadow-goods/workspace/repositories',
  '/meadow-goods/workspace/settings/webhooks',
  repository,
  `${repository}/src/main/src/`,
  `${repository}/src/main/package.json`,
  `${repository}/commits`,
  `${repository}/commits/HASH`,
  `${repository}/branches`,
  `${repository}/branches/compare/chore/upgrade-express..main`,
  `${repository}/pull-requests?state=ALL`,
  `${repository}/pull-requests/new`,
  `${repository}/pull-requests/4`,
  `${repository}/pull-requests/6?path=package.json&to=7`,
  `${repository}/pipelines`,
  `${repository}/pipelines/results/1`,
  `${repository}/deployments`,
  `${repository}/admin/webhooks`,
  `${repository}/admin/webhooks/HOOK`,
  `${repository}/nothing-here-or-there`,
  '/site/oauth2/authorize?client_id=CLIENT&response_type=code',
  '/account/signin/',
]

// Neither does a colour depend on the width, nor a width on the colours.
describe.each([
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const)('$width px wide and $colorScheme', (look) => {
  let page: Page
  let known: Record<string, string>
  const thrown: string[] = []

  beforeAll(async () => {
    page = await open(look)
    page.on('pageerror', (error) => thrown.push(`${page.url()}: ${error.message}`))
    const ask = askAs(simulator, 'mara-lind')
    const hook = { url: 'http://127.0.0.1:9/x', events: ['repo:push'], description: 'Mine', history_enabled: true }
    const made = await ask('POST', `${api}/hooks`, hook)
    const [commit] = (await ask('GET', `${api}/commits/chore/upgrade-express`)).values
    known = {
      HASH: String(at(commit, 'hash')),
      HOOK: String(made.at('uuid')).slice(1, -1),
      CLIENT: simulator.oauth_consumer.key,
    }
    await logIn(page, 'mara-lind', 'mara')
  })

  test.each(addresses)('%s is whole and accessible', async (address) => {
    await visit(
      page,
      address.replace(/[A-Z]{4,}$|(?<==)CLIENT/, (name) => known[name] ?? name),
    )
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map((one) => `${one.id} at ${String(one.nodes[0]?.target[0])}`)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    // Tables of a list fold up; only code is wider than the window.
    const wide =
      "[...document.querySelectorAll('.stacked')].filter((one) => one.scrollWidth > one.parentElement.clientWidth).length"
    expect(await page.evaluate(wide)).toBe(0)
    expect(thrown).toEqual([])
  })
})
