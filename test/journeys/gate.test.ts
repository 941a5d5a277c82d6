import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { asOneStory } from './as-one-story.ts'
import { button, goTo, setUpWeir } from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Set to a folder to keep pictures of the steps. */
const pictures = process.env['WEIR_PICTURES']

describe('the security gate: asked by a pipeline, read on the page, changed by an administrator', () => {
  let world: WeirWorld
  let mara: Person
  let token = ''

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    await setUpWeir(mara.page, world)
    await post('assets', { key: 'quay', name: 'Quay', default_branch: 'main' })
    const answer = await post('api-tokens', { name: 'pipeline', scopes: ['read'], expires_in_days: 1 })
    token = String(Object(answer).token)
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara }))

  test('before anything was imported nobody can tell: the pipeline gets 2, and a sentence', async () => {
    expect(await ask()).toMatchObject({ code: 2, verdict: 'could_not_decide' })
    await openGate()
    await mara.page.getByText('No report was applied for this branch yet', { exact: false }).waitFor()
    await picture('could-not-decide')
  })

  test('with too many high ones the pipeline gets 1, and the page names them', async () => {
    await takeIn(6)
    expect(await ask()).toMatchObject({ code: 1, verdict: 'failed', offenders_total: 6 })
    await openGate()
    const offenders = mara.page.getByRole('table', { name: 'What stands in the way' })
    await offenders.getByRole('link', { name: 'Door 5 is open' }).waitFor()
    expect(await offenders.getByText('Failed').count()).toBe(6)
    await picture('failed')
  })

  test('limits of the organization show what they would mean before they are saved; then the pipeline passes', async () => {
    const { page } = mara
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'Security gate' }).click()
    await page.getByRole('spinbutton', { name: 'High: open at most' }).fill('20')
    await page
      .getByRole('status')
      .filter({ hasText: /Passed1 asset(?!s)/ })
      .waitFor()
    await picture('settings')
    await button(page, 'Save').click()
    await page.getByText('Security gate saved').waitFor()
    expect(await ask()).toMatchObject({ code: 0, verdict: 'passed' })
  })

  async function openGate(): Promise<void> {
    const { page } = mara
    await goTo(page, 'Assets')
    await page.getByRole('link', { name: 'Quay', exact: true }).click()
    await page.getByRole('tab', { name: 'Risk and gate' }).click()
  }

  /** As a step of a pipeline does: `weir gate`, with an API token. */
  async function ask(): Promise<Record<string, unknown>> {
    const said: string[] = []
    const code = await runCommand(['gate', '--asset', 'quay', '--json'], {
      environment: { WEIR_URL: world.url, WEIR_TOKEN: token },
      say: (line) => said.push(line),
      complain: () => undefined,
      readInput: async () => '',
    })
    const parsed: unknown = JSON.parse(said.join('\n'))
    return { code, ...Object(parsed) }
  }

  async function post(path: string, data: unknown): Promise<unknown> {
    const answer = await mara.page.request.post(`${world.url}/api/v1/${path}`, { headers: { origin: world.url }, data })
    expect(answer.status()).toBe(201)
    return answer.json()
  }

  async function takeIn(count: number): Promise<void> {
    const results = Array.from({ length: count }, (_, index) => ({
      ruleId: 'open-door',
      level: 'error',
      message: { text: `Door ${index} is open` },
      locations: [
        { physicalLocation: { artifactLocation: { uri: `src/door-${index}.ts` }, region: { startLine: 3 } } },
      ],
    }))
    const rules = [{ id: 'open-door', shortDescription: { text: 'About open-door' } }]
    const report = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Lantern', rules } }, results }] }
    await post('imports?asset=quay', report)
  }

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return
    await mkdir(pictures, { recursive: true })
    await mara.page.screenshot({ path: join(pictures, `gate-${name}.png`), fullPage: true })
  }
})
