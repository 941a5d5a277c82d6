/** Seconds until the next attempt after this many have failed (1 or more): 5, 10, 20 and so on, one hour at most. */
export function backOffS(attempts: number): number {
  return Math.min(3600, 5 * 2 ** (Math.min(Math.max(attempts, 1), 12) - 1))
}
