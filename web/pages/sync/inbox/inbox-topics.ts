import type { Notification } from '../../../../contract/sync/notifications.ts'

/** What calls are about, as people sort them. */
export const inboxTopics = ['messages', 'statuses', 'deadlines', 'troubles'] as const
export type InboxTopic = (typeof inboxTopics)[number]

export const topicWords: Record<InboxTopic, string> = {
  messages: 'Messages',
  statuses: 'Assigned, new, to validate or reopened',
  deadlines: 'Deadlines and accepted risks',
  troubles: 'Sending and connections',
}

/** The kinds of calls that belong to a topic; none for all. */
export function kindsOf(topic: InboxTopic | undefined): Notification['kind'][] {
  switch (topic) {
    case 'messages':
      return ['message', 'mentioned']
    case 'statuses':
      return ['assigned', 'new_critical', 'awaiting_validation', 'reopened']
    case 'deadlines':
      return ['deadline_approaching', 'deadline_breached', 'acceptance_ending', 'acceptance_due', 'acceptance_ended']
    case 'troubles':
      return ['sync_failed', 'held_back', 'webhook_disabled', 'credential_ending']
    case undefined:
      return []
    default:
      return topic satisfies never
  }
}
