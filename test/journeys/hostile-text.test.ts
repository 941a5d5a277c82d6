import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import { comment, openBitbucket } from './bitbucket-steps.ts'
import { connectBitbucket } from './connection-steps.ts'
import { goTo, heading, setUpWeir } from './entry-steps.ts'
import {
  applyImport,
  chooseReport,
  itemAddress,
  messages,
  openChampions,
  openImports,
  row,
  sendToBitbucket,
} from './triage-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

/** Texts that would run a script or leave the page where one of them is rendered unguarded. */
const hostileTexts = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  '[a link](javascript:alert(4))',
  '![a picture](x" onerror="alert(5))',
  '<iframe srcdoc="<script>alert(6)</script>"></iframe>',
  '<a href="data:text/html,<script>alert(7)</script>">here</a>',
  '[ref]: javascript:alert(8)\n[ref]',
  '<details open ontoggle=alert(9)>',
  '{{constructor.constructor("alert(10)")()}}',
  '<style>@import "http://192.0.2.1/steal.css"</style>',
  '<math><mi xlink:href="javascript:alert(11)">x</mi></math>',
]
const everything = hostileTexts.join('\n\n')

/** A report that says them in every field a scanner may fill. */
const report = JSON.stringify({
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'Heron <img src=x onerror=alert(20)>',
          version: '<script>alert(21)</script>',
          rules: [
            {
              id: '<b onmouseover=alert(22)>rule',
              shortDescription: { text: 'Hostile title <img src=x onerror=alert(23)>' },
              fullDescription: { text: everything, markdown: everything },
              help: { text: everything, markdown: everything },
              helpUri: 'javascript:alert(24)',
              properties: { tags: ['security', '<svg onload=alert(25)>'], 'security-severity': '8.1' },
            },
          ],
        },
      },
      results: [
        {
          ruleId: '<b onmouseover=alert(22)>rule',
          level: 'error',
          message: { text: everything, markdown: everything },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'src/%3Cimg%20src=x%20onerror=alert(26)%3E.js' },
                region: { startLine: 3, snippet: { text: everything } },
              },
            },
          ],
        },
      ],
    },
  ],
})

describe('failure 38: text that wants to be a script stays text', () => {
  let world: WeirWorld
  let mara: Person
  let yuki: Person

  beforeAll(async () => {
    world = await openWeirWorld({ mode: 'legacy' })
    mara = await world.comeIn()
    yuki = await world.comeIn()
    await setUpWeir(mara.page, world)
    await connectBitbucket(mara.page, world, ['storefront-api'])
  })
  afterAll(async () => world.close())
  // Every dialog, console error and breach of the content security policy is a trouble that fails the step.
  asOneStory(() => ({ mara, yuki }))

  test('in a report: in its preview, the list, and the vulnerability with its evidence', async () => {
    const { page } = mara
    await openImports(page, 'storefront-api')
    await chooseReport(page, { name: '<img src=x onerror=alert(27)>.sarif', text: report })
    await applyImport(page)
    await goTo(page, 'Vulnerabilities')
    await row(page, 'Hostile title').getByRole('link').first().click()
    await heading(page, 'Evidence').waitFor()
    expect(await page.locator('main').innerText()).toContain('alert(2')
    expect(await hostileElements(mara)).toEqual([])
  })

  test('in a developer’s comment: in the conversation, the inbox and the deliveries', async () => {
    const { page } = mara
    await sendToBitbucket(page, 'Bitbucket issues')
    const item = await itemAddress(page)
    await openChampions(page)
    await openBitbucket(yuki.page, world, 'yuki-brandt')
    await comment(yuki.page, item, { text: `Well now\n\n${everything}` })
    await messages(page).filter({ hasText: 'Well now' }).waitFor()
    expect(await hostileElements(mara)).toEqual([])
    await goTo(page, 'Inbox')
    await page.goto(`${world.url}/inbox?show=all`)
    await page.getByRole('article').first().waitFor()
    expect(await hostileElements(mara)).toEqual([])
    await page.goto(`${world.url}/integrations/deliveries`)
    await page
      .getByRole('table', { name: 'Deliveries' })
      .getByRole('button', { name: /comment/ })
      .first()
      .click()
    await page.getByRole('dialog').getByText('Well now').first().waitFor()
    expect(await hostileElements(mara)).toEqual([])
  })

  /** Elements and addresses no page of Weir has by itself. */
  async function hostileElements(person: Person): Promise<string[]> {
    return await person.page.evaluate<string[]>(
      `[...document.querySelectorAll('main *, [role=dialog] *')]
        .filter((one) => one.matches('iframe, object, embed, math, style:not([data-mantine-styles]), base, script, [onerror], [onload], [ontoggle], [onmouseover]')
          || /^(javascript|data|vbscript):/i.test(one.getAttribute('href') ?? one.getAttribute('src') ?? ''))
        .map((one) => one.outerHTML.slice(0, 200))`,
    )
  }
})
