const dayMs = 24 * 3600_000

/** Days for which a webhook's body is kept; without it a delivery can no longer be replayed. */
export const deliveryBodyDays = 30

/** How long, in milliseconds, what nobody needs any more is kept. What people said, decided and found is kept for ever. */
export const retentionMs = {
  /** A month is long enough to notice that something went wrong and to replay it; bodies are most of the database. */
  deliveryBody: deliveryBodyDays * dayMs,
  /** Lines of the log, both ways: a quarter, so that "since when does this fail?" can be answered. */
  logLine: 90 * dayMs,
  /** A message stays in its thread for ever; only the call to read it goes. */
  notification: 90 * dayMs,
  /** Undecided, a preview tells of a state that has long changed, and holds a whole report. */
  preview: dayMs,
  /** A held report waits for a person, who may be on holiday. */
  heldImport: 30 * dayMs,
  /** Nobody repeats a request, or finishes a login that was begun, later than that. */
  answer: dayMs,
} as const
