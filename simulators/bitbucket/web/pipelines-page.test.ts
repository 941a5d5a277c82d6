import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const cookies = new Map<string, string>()

async function page(path: string, who = 'mara-lind', form?: Record<string, string>) {
  const reply = await fetch(`${simulator.web}${path}`, {
    redirect: 'manual',
    headers: { cookie: cookies.get(who) ?? '' },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  })
  return { status: reply.status, location: reply.headers.get('location') ?? '', text: await reply.text() }
}

async function logIn(username: string, password: string): Promise<void> {
  const reply = await fetch(`${simulator.web}/account/signin/`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ username, password }),
  })
  cookies.set(username, (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '')
}

const shop = '/meadow-goods/storefront-api'
const infra = '/meadow-goods/platform-infra'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1 })
  simulator.switches.pipelines = { ...simulator.switches.pipelines, pendingMs: 0, stepMs: 0 }
  mara = askAs(simulator, 'mara-lind')
  await logIn('mara-lind', 'mara')
  await logIn('ines-calder', 'ines')
})
afterAll(async () => await simulator.close())

test('the list shows pipelines, newest first, and only those of a status', async () => {
  const all = (await page(`${shop}/pipelines`)).text
  expect(all).toContain('aria-current="page">Pipelines')
  const numbers = [...all.matchAll(/pipelines\/results\/(\d+)"/g)].map(([, number]) => Number(number))
  expect(numbers.length).toBeGreaterThan(10)
  expect(numbers).toEqual(numbers.toSorted((one, other) => other - one))
  const failed = (await page(`${shop}/pipelines?status=FAILED`)).text
  expect(failed).toContain('lozenge failed')
  expect(failed).not.toContain('lozenge passed')
  expect((await page('/meadow-goods/amber-worker/pipelines')).text).toContain('switched off')
})

test('build statuses link to a page that knows where to go', async () => {
  const { values } = await mara('GET', `/repositories${shop}/commit/main/statuses`)
  const url = new URL(String(at(values[0], 'url')))
  expect(url.href).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/meadow-goods\/storefront-api\/addon\/pipelines\/home#!\/results\/\d+$/,
  )
  expect((await page(url.pathname)).text).toContain('/_web/pipelines.js')
})

test('one pipeline has its steps, their logs and tests; what failed says so', async () => {
  const { values } = await mara('GET', `/repositories${shop}/pipelines?status=FAILED&target.ref_name=feature/downloads`)
  const { text } = await page(`${shop}/pipelines/results/${String(at(values[0], 'build_number'))}`)
  expect(text).toContain('Build and test')
  expect(text).toContain('1 failed')
  expect(text).toContain('expected 200, received 500')
  expect(text).toContain('+ npm ci')
  expect((await page(`${shop}/pipelines/results/99999`)).status).toBe(404)
})

test('people start, repeat, resume and stop pipelines; readers may not', async () => {
  const made = await page(`${shop}/pipelines`, 'ines-calder', { branch: 'main', custom: 'security-scan' })
  expect([made.status, made.location]).toEqual([303, expect.stringMatching(/\/pipelines\/results\/\d+$/)])
  await expect.poll(async () => (await page(made.location)).text).toContain('lozenge passed')
  const again = await page(`${made.location}/rerun`, 'ines-calder', {})
  expect(again.location).not.toBe(made.location)
  await expect.poll(async () => (await page(again.location)).text).toContain('lozenge passed')
  expect((await page(`${again.location}/stop`, 'ines-calder', {})).status).toBe(409)
  const [paused] = (await mara('GET', `/repositories${infra}/pipelines?status=PAUSED`)).values
  const waiting = `${infra}/pipelines/results/${String(at(paused, 'build_number'))}`
  expect((await page(waiting)).text).toContain('Run the next step')
  await page(`${waiting}/resume`, 'mara-lind', {})
  await expect.poll(async () => (await page(waiting)).text).toContain('lozenge passed')
  expect((await page(`${waiting}/resume`, 'mara-lind', {})).status).toBe(409)
  simulator.sim.repositories.find((one) => one.slug === 'storefront-api')?.permissions.clear()
  expect((await page(`${shop}/pipelines`, 'ines-calder', { branch: 'main' })).status).toBe(403)
})

test('what still runs is loaded anew until it is over', async () => {
  simulator.switches.pipelines = { ...simulator.switches.pipelines, pendingMs: 3_600_000 }
  const made = await page(`${shop}/pipelines`, 'mara-lind', { branch: 'main' })
  for (const path of [made.location, `${shop}/pipelines`]) {
    const { text } = await page(path)
    expect(text).toContain('id="refresh"')
    expect(text).toContain('/_web/pipelines.js')
  }
  await page(`${made.location}/stop`, 'mara-lind', {})
  for (const path of [made.location, `${shop}/pipelines`]) expect((await page(path)).text).not.toContain('id="refresh"')
})

test('deployments to an environment are listed with the newest first', async () => {
  for (const address of [shop, infra]) {
    const { text } = await page(`${address}/deployments`)
    for (const [, table = ''] of text.matchAll(/<table class="stacked"[^>]*>(.*?)<\/table>/gs)) {
      const times = [...table.matchAll(/datetime="([^"]+)"/g)].map(([, time = '']) => Date.parse(time))
      expect(times).toEqual(times.toSorted((one, other) => other - one))
      expect(times.length).toBeGreaterThan(0)
    }
  }
})

test('deployments show what is live in each environment, and what was tried', async () => {
  const { text } = await page(`${infra}/deployments`)
  const headings = [...text.matchAll(/<section id="environment-(\w+)"/g)].map(([, name]) => name)
  expect(headings).toEqual(['test', 'staging', 'production'])
  expect(text).toContain('Live: ')
  expect((await page('/meadow-goods/amber-worker/deployments')).text).toContain('no environments')
})
