import type { SecretBox } from '../../../lib/secret-box.ts'
import type { OutgoingWebhookKey, OutgoingWebhookRow } from '../../../store/sync/outgoing-webhooks.ts'

type Field = 'sealed_url' | 'sealed_secret'

const contextOf = (field: Field, { organizationId, id }: OutgoingWebhookKey) =>
  `outgoing_webhook.${field} ${organizationId}/${id}`

export function sealForWebhook(box: SecretBox, field: Field, key: OutgoingWebhookKey & { text: string }): string {
  return box.seal(key.text, contextOf(field, key))
}

/** Where a webhook's events go, and what they are signed with now: the present secret first, then the one it replaces. */
export function openOutgoingSecrets(
  box: SecretBox,
  row: OutgoingWebhookRow,
  now: Date,
): { url: string; secrets: string[] } {
  const key = { organizationId: row.organization_id, id: row.id }
  const isOldGood = row.previous_secret_until !== null && row.previous_secret_until > now
  const sealed = [row.sealed_secret, isOldGood ? row.sealed_previous_secret : null]
  return {
    url: box.open(row.sealed_url, contextOf('sealed_url', key)),
    secrets: sealed.flatMap((text) => (text === null ? [] : [box.open(text, contextOf('sealed_secret', key))])),
  }
}
