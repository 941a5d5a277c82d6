/** Fewer on either side than this say nothing of the others. */
export const leastOfEach = 5

type Side = { value: number | null; n: number }

/** How many seconds longer security work waits for its first review than other work: median minus median, null for too few. */
export function pickupGap(security: Side, others: Side): number | null {
  if (security.n < leastOfEach || others.n < leastOfEach) return null
  return security.value === null || others.value === null ? null : security.value - others.value
}
