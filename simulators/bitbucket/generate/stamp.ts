import { toTimestamp } from '../state.ts'

/** The moment as Bitbucket writes it. The microseconds follow from the second: nothing to remember, and never reversed. */
export function stamp(seconds: number): string {
  return toTimestamp(seconds * 1_000_000 + ((Math.imul(seconds, 0x9e3779b1) >>> 0) % 1_000_000))
}
