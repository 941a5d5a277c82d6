import { openLocalDays } from '../sla/local-days.ts'

/**
 * When a member reads the digest: at `hour` (0 to 23) of the clocks of `timeZone`. `toldUntil` is what `findDigest` answered
 * for the last one.
 */
export type DigestRhythm = { hour: number; timeZone: string; toldUntil: Date | null }

/**
 * The moment up to which a digest that is due now tells what was there; undefined where none is due. There is one a day by
 * the member's calendar: late where Weir stood still, never twice, also where the clocks show the hour twice.
 */
export function findDigest({ hour, timeZone, toldUntil }: DigestRhythm, now: Date): Date | undefined {
  const days = openLocalDays(timeZone)
  const today = days.dayOf(now)
  const day = days.hourOf(today, hour) <= now ? today : today - 1
  const isTold = toldUntil !== null && days.dayOf(toldUntil) >= day
  return isTold ? undefined : days.hourOf(day, hour)
}
