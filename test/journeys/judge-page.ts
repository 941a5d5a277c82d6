import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Everything axe knows in light; in dark, which changes colours alone, its rules about colour. */
const rulesOf = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] } as const

/** What axe finds, one line a violation with the places. */
async function findViolations(page: Page, rules: readonly string[] | undefined): Promise<string[]> {
  // Nothing of Weir lies in frames, so the page can be judged in one go.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules === undefined ? builder : builder.withRules([...rules])).analyze()
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`).join(', ')}`,
  )
}

/** Colours and widths have changed after this long, also where they change gradually. */
const repaintMs = 250

/** Pixels by which the document is wider than the window. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** The innermost elements that reach beyond the window, and lie in nothing that scrolls or cuts off. */
async function findWide(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth
    const reaches = (one) => one.getBoundingClientRect().right > width + 0.5
    const isHeld = (one) => one !== null && (getComputedStyle(one).overflowX !== 'visible' || isHeld(one.parentElement))
    return [...document.body.querySelectorAll('*')]
      .filter((one) => reaches(one) && ![...one.children].some(reaches) && !isHeld(one.parentElement))
      .slice(0, 3)
      .map((one) => one.tagName.toLowerCase() + '.' + one.className + ' “' + (one.textContent ?? '').slice(0, 40) + '”')
  })()`)
}

/** Looks at the page as it stands: both themes by axe, then as narrow as a telephone. */
export async function judgePage(page: Page): Promise<string[]> {
  const found = await judgeThemes(page)
  const wide = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  // Charts are drawn anew for the width they find.
  let overflow = await overflowOf(page)
  for (let looks = 0; looks < 20 && overflow > 0; looks += 1) {
    await page.waitForTimeout(repaintMs)
    overflow = await overflowOf(page)
  }
  if (overflow > 0) found.push(`${overflow} pixels wider than 390: ${(await findWide(page)).join(', ')}`)
  if (wide !== null) await page.setViewportSize(wide)
  return found
}

/** Looks at the page as it stands in both themes by axe. */
async function judgeThemes(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    await page.waitForTimeout(repaintMs)
    found.push(...(await findViolations(page, rulesOf[colorScheme])).map((text) => `${colorScheme}: ${text}`))
  }
  return found
}
