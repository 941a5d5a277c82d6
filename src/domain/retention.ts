const dayMs = 24 * 3600_000

/** Days for which a webhook's body is kept; without it a delivery can no longer be replayed. */
export const deliveryBodyDays = 30

/** Days after its end for which the lines of a bulk change are kept: what became of each vulnerability, and what was before. */
export const bulkItemDays = 30

/** How long, in milliseconds, what nobody needs any more is kept. What people said, decided and found is kept for ever. */
export const retentionMs = {
  /** A month is long enough to notice that something went wrong and to replay it; bodies are most of the database. */
  deliveryBody: deliveryBodyDays * dayMs,
  /** Lines of the log, both ways: a quarter, so that "since when does this fail?" can be answered. */
  logLine: 90 * dayMs,
  /** A comparison of both sides is made every few minutes; what it found stands in the histories. */
  reconciliation: 30 * dayMs,
  /** A message stays in its thread for ever; only the call to read it goes. */
  notification: 90 * dayMs,
  /** What was told outside, or could not be: later than that nobody wants it, and a disabled webhook's queue would grow. */
  outgoing: 30 * dayMs,
  /** Undecided, a preview tells of a state that has long changed, and holds a whole report. */
  preview: dayMs,
  /** A held report waits for a person, who may be on holiday. */
  heldImport: 30 * dayMs,
  /** A page that was closed does not come back for the files it brought; who writes for a day keeps the text, and brings them again. */
  stagedFile: dayMs,
  /** Nobody repeats a request, or finishes a login that was begun, later than that. */
  answer: dayMs,
  /** Undoing ends before; who asks why something was refused does so within a month. The history of each tells the rest. */
  bulkItem: bulkItemDays * dayMs,
  /** A walk over deadlines is of interest while it goes on, and for as long as somebody asks what it moved. */
  deadlineRun: 30 * dayMs,
  /** A thousand assets make 365,000 rows a year: daily for a year and a month, so that a year can be compared, then monthly. */
  scoreDay: 400 * dayMs,
  /** What figures showed: three years, so that the report of a year can be repeated when the next one is written. */
  snapshot: 1100 * dayMs,
} as const
