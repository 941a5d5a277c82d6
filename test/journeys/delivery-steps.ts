import type { Locator, Page } from 'playwright-core'
import { goTo } from './entry-steps.ts'
import type { WeirWorld } from './weir-world.ts'

export async function openDeliveries(page: Page): Promise<void> {
  await goTo(page, 'Integrations')
  await page.getByRole('link', { name: 'Deliveries' }).click()
  await page.getByRole('table', { name: 'Deliveries' }).waitFor()
}

/** The newest delivery of this kind. */
export function delivery(page: Page, { way, what }: { way: 'In' | 'Out'; what: string | RegExp }): Locator {
  return page
    .getByRole('table', { name: 'Deliveries' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: way, exact: true }) })
    .filter({ hasText: what })
    .first()
}

/** The next comment Weir writes is refused, once, for a reason that waiting does not mend. */
export function refuseNextComment({ simulator }: WeirWorld): void {
  const body = JSON.stringify({ type: 'error', error: { message: 'The gate is closed' } })
  const headers = { 'content-type': 'application/json' }
  simulator.planFault({
    method: 'POST',
    path: '/2.0/repositories/*/comments',
    action: { kind: 'answer', status: 400, headers, body },
  })
}
