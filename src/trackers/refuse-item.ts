import { AppError } from '../lib/app-error.ts'

/** What somebody typed names no item that could be linked: `validation_failed`, with the reason beside its field, `item`. */
export function refuseItem(reason: string): AppError {
  return new AppError('validation_failed', `item: ${reason}`, { meta: { fields: { item: [reason] } } })
}
