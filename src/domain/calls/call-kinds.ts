/** What a member can be called for, in the order in which choices show them. */
export const callKinds = [
  'message',
  'mentioned',
  'assigned',
  'new_critical',
  'awaiting_validation',
  'reopened',
  'sync_failed',
  'deadline_approaching',
  'deadline_breached',
  'acceptance_ending',
  'acceptance_due',
  'acceptance_ended',
  'held_back',
  'webhook_disabled',
  'credential_ending',
] as const

/** One of `callKinds`. */
export type CallKind = (typeof callKinds)[number]

/** The week's figures: no call, but chosen by channel, sent and ended like one. */
export const weeklyDigest = 'weekly_digest' as const

/** What a mail can be about, and a member can end. */
export const mailKinds = [...callKinds, weeklyDigest] as const

/** One of `mailKinds`. */
export type MailKind = (typeof mailKinds)[number]

/** Ways a call leaves Weir. */
export const outsideChannels = ['email', 'slack', 'teams'] as const

/** One of `outsideChannels`. */
export type OutsideChannel = (typeof outsideChannels)[number]

/** Ways a call reaches a member: the bell with the inbox, and those that leave Weir. */
export const callChannels = ['in_app', ...outsideChannels] as const

/** One of `callChannels`. */
export type CallChannel = (typeof callChannels)[number]

/** Whether a call of the kind leaves at once, because somebody waits for an answer or harm is near; others wait for the day's digest. */
export function isToldAtOnce(kind: CallKind): boolean {
  switch (kind) {
    case 'message':
    case 'mentioned':
    case 'assigned':
    case 'new_critical':
    case 'deadline_breached':
      return true
    case 'awaiting_validation':
    case 'reopened':
    case 'sync_failed':
    case 'deadline_approaching':
    case 'acceptance_ending':
    case 'acceptance_due':
    case 'acceptance_ended':
    case 'held_back':
    case 'webhook_disabled':
    case 'credential_ending':
      return false
    default:
      return kind satisfies never
  }
}

/** Whether a member who chose nothing is called for the kind by the channel: a chat of one's own is for what cannot wait. */
export function isWantedByDefault(kind: CallKind, channel: CallChannel): boolean {
  return channel === 'in_app' || channel === 'email' || isToldAtOnce(kind)
}

/** Whether a text names a kind; what the database or an old link holds may be older than the list. */
export function isMailKind(text: string): text is MailKind {
  return mailKinds.some((kind) => kind === text)
}

/** Kinds that only administrators may read, because they alone see what they are about. */
export const administratorKinds: readonly CallKind[] = ['webhook_disabled']
