import { AppError } from '../../../lib/app-error.ts'

/** Clocks of machines disagree; by more than this it is no clock that is wrong. */
const aheadAtMostMs = 5 * 60_000

/** Throws `validation_failed`, naming the field, for what is told of a time to come. `told`: RFC 3339 by the name of its field. */
export function refuseFuture(told: Readonly<Record<string, string | null | undefined>>, now: Date): void {
  for (const [field, at] of Object.entries(told)) {
    if (at === undefined || at === null || new Date(at).getTime() - now.getTime() <= aheadAtMostMs) continue
    const how = 'Times are taken up to five minutes ahead; look at the clock of the machine that tells them.'
    throw new AppError('validation_failed', `${field}: lies in the future; here it is ${now.toISOString()}. ${how}`)
  }
}
