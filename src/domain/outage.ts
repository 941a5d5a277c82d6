/** Failures in a row after which a connection's work is held back. */
const failuresBeforeHold = 5
/** Milliseconds they have to span: requests that were under way together are one failure, not five. */
const holdAfterMs = 30_000

/** Whether a remote that failed so often in a row, for so long (in milliseconds), is left in peace but for a probe. */
export function isOutage(failures: number, lastedMs: number): boolean {
  return failures >= failuresBeforeHold && lastedMs >= holdAfterMs
}

/** Seconds until the next probe after so many failures in a row: 30, 60, 120 and so on, a quarter of an hour at most. */
export function probePauseS(failures: number): number {
  return Math.min(900, 30 * 2 ** Math.min(Math.max(failures - failuresBeforeHold, 0), 10))
}
