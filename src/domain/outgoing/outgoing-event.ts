/** What the outside can be told of, by the names it is told under. */
export const outgoingEventTypes = [
  'vulnerability.created',
  'vulnerability.status_changed',
  'vulnerability.sent',
  'message.created',
  'deadline.crossed',
  'import.applied',
] as const

/** One of `outgoingEventTypes`. */
export type OutgoingEventType = (typeof outgoingEventTypes)[number]

/** In which form the outside is told: signed JSON, or a line in a channel. */
export const outgoingKinds = ['standard', 'slack', 'teams'] as const

/** One of `outgoingKinds`. */
export type OutgoingKind = (typeof outgoingKinds)[number]
