import { isAppError } from '../../lib/app-error.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { listLiveWebhooks, type WebhookRow } from '../../store/remotes/webhooks.ts'
import { testWebhook } from './test-webhook.ts'
import type { WebhookActionDeps } from './webhook-actions.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A test takes five requests, and waits; with a webhook for each repository the rest waits for the next check. */
const testedAtOnce = 5

/**
 * Tests the webhooks that nothing proves to arrive: no delivery for a day, and no test that went well. Answers whether one
 * was lost. What arrives anyway needs no test.
 */
export async function proveWebhooks(deps: WebhookActionDeps, connection: ConnectionRow): Promise<boolean> {
  if (connection.kind !== 'bitbucket') return false
  const { organization_id: organizationId, id: connectionId } = connection
  const now = deps.clock()
  const hooks = await listLiveWebhooks(deps.db, { organizationId, connectionId })
  let isAnyLost = false
  for (const hook of hooks.filter((one) => isUnproved(one, now)).slice(0, testedAtOnce)) {
    try {
      const { outcome } = await testWebhook(deps, { organizationId, webhookId: hook.id })
      isAnyLost ||= outcome === 'lost'
    } catch (error) {
      // Somebody tests or removes it at this moment.
      if (!isAppError(error, 'conflict') && !isAppError(error, 'not_found')) throw error
    }
  }
  return isAnyLost
}

function isUnproved({ health, created_at, last_delivery_at, tested_at, test_outcome }: WebhookRow, now: Date): boolean {
  const isWithin = (at: Date | null, ms: number) => at !== null && now.getTime() - at.getTime() < ms
  if (health !== 'ok' || isWithin(created_at, hourMs) || isWithin(last_delivery_at, dayMs)) return false
  return !isWithin(tested_at, test_outcome === 'lost' ? hourMs - 60_000 : dayMs)
}
