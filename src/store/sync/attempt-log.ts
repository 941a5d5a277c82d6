import { type RawBuilder, sql } from 'kysely'

/** An attempt that did not succeed. `at` is RFC 3339. */
type FailedAttempt = { at: string; code: string; sentence: string }

/** The column `attempt_log` with one more attempt; of more than twenty the oldest go. */
export function withAttempt(attempt: FailedAttempt): RawBuilder<string> {
  return sql<string>`(case when jsonb_array_length(attempt_log) >= 20 then attempt_log - 0 else attempt_log end)
    || ${JSON.stringify([attempt])}::jsonb`
}
