const warnedAtDays = [1, 7, 30] as const
const dayMs = 24 * 3_600_000

/** Days before the end of a credential that people are told of it first. */
export const firstWarningDays = 30

/**
 * Of 30, 7 and 1 days the one to warn of now, given the one people were told of last (null for none). Undefined when
 * there is nothing new to say, also after the end: the remote's refusal says that.
 */
export function expiryWarningDue({
  expiresAt,
  now,
  warnedDays,
}: {
  expiresAt: Date
  now: Date
  warnedDays: number | null
}): number | undefined {
  const leftMs = expiresAt.getTime() - now.getTime()
  if (leftMs <= 0) return undefined
  const step = warnedAtDays.find((days) => leftMs <= days * dayMs)
  return step !== undefined && (warnedDays === null || step < warnedDays) ? step : undefined
}
