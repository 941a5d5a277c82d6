import { AppError } from '../../lib/app-error.ts'
import { findWebhook } from '../../store/remotes/webhooks.ts'
import { webhookDescription } from './remote-settings.ts'
import { auditWebhook, type WebhookActionDeps, type WebhookActionInput, webhookMissing } from './webhook-actions.ts'
import { openWebhookSecret } from './webhook-secret.ts'

/** What somebody types into the remote's form for a webhook. */
export type WebhookByHand = { name: string; url: string; secret: string; events: string[] }

/**
 * Shows, secret included, what makes a webhook that Weir may not make itself; written down in the audit log. Throws
 * `not_found`, and `conflict` for one that Weir made.
 */
export async function revealWebhook(deps: WebhookActionDeps, input: WebhookActionInput): Promise<WebhookByHand> {
  const row = await findWebhook(deps.db, input)
  if (row === undefined || row.health === 'removed') throw webhookMissing()
  if (row.remote_uuid !== null)
    throw new AppError('conflict', 'Weir made this webhook itself: there is nothing to set up by hand.')
  await auditWebhook(deps, input, 'webhook.secret_shown')
  const { url, events } = row
  const secret = openWebhookSecret(deps.secretBox, input, row.sealed_secret)
  return { name: webhookDescription(deps.settings), url, secret, events }
}
