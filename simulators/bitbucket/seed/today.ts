import { toTimestamp } from '../state.ts'

/** The seed's today in seconds: 2026-11-20 12:00 UTC, so that hashes and dates are the same in every run. */
export const seedToday = Date.UTC(2026, 10, 20, 12) / 1000

/** The timestamp of a moment some days (fractions are hours) before the seed's today. */
export function daysAgo(days: number): string {
  return toTimestamp(Math.round((seedToday - days * 86_400) * 1000) * 1000 + 137_208)
}
