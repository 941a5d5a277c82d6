import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'

export const eventWords: Record<OutgoingWebhook['events'][number], string> = {
  'vulnerability.created': 'A vulnerability is new',
  'vulnerability.status_changed': 'A status changes',
  'vulnerability.sent': 'A vulnerability reached its tracker',
  'message.created': 'Somebody writes a message (never an internal note)',
  'deadline.crossed': 'A deadline comes near or passes',
  'import.applied': 'A report was imported',
}

export const kindWords: Record<OutgoingWebhook['kind'], string> = {
  standard: 'Signed webhook',
  slack: 'Slack channel',
  teams: 'Microsoft Teams channel',
}
