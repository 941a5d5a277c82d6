/** Events of the issue section that an admin webhook can ask for here. */
export const eventNames = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
] as const

export type EventName = (typeof eventNames)[number]

export function isEventName(text: string): text is EventName {
  return eventNames.some((one) => one === text)
}
