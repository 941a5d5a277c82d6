import type { SecretBox } from '../../lib/secret-box.ts'
import type { WebhookKey, WebhookRow } from '../../store/remotes/webhooks.ts'

function context({ organizationId, webhookId }: WebhookKey): string {
  return `webhook.sealed_secret ${organizationId}/${webhookId}`
}

export function sealWebhookSecret(box: SecretBox, key: WebhookKey, secret: string): string {
  return box.seal(secret, context(key))
}

export function openWebhookSecret(box: SecretBox, key: WebhookKey, sealed: string): string {
  return box.open(sealed, context(key))
}

/** Every secret a delivery may be signed with now: the present one, and the one before while it is being replaced. */
export function listWebhookSecrets(box: SecretBox, row: WebhookRow, now: Date): string[] {
  const key = { organizationId: row.organization_id, webhookId: row.id }
  const isOldGood = row.previous_secret_until !== null && row.previous_secret_until > now
  const sealed = [
    row.sealed_secret,
    ...(isOldGood && row.sealed_previous_secret !== null ? [row.sealed_previous_secret] : []),
  ]
  return sealed.map((one) => openWebhookSecret(box, key, one))
}
