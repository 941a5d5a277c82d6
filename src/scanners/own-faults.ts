import { AppError } from '../lib/app-error.ts'
import { countOf } from './count-of.ts'

const mostTold = 20

/** What is wrong with a report of our own making, entry by entry: all of it is told at once, so that it is mended at once. */
export type OwnFaults = { count: number; told: string[] }

export function addFault(faults: OwnFaults, where: string, why: string): void {
  faults.count += 1
  if (faults.told.length < mostTold) faults.told.push(`${where} ${why}`)
}

/** Throws `report_invalid` when anything is wrong. */
export function requireNoFaults({ count, told }: OwnFaults): void {
  if (count === 0) return
  const more = count > told.length ? `; and ${count - told.length} more` : ''
  throw new AppError(
    'report_invalid',
    `${countOf(count, 'finding')} cannot be read: ${told.join('; ')}${more}. Severities are critical, high, medium, low and info; kinds code, dependency, secret, configuration and web. Nothing was imported.`,
    { meta: { faults: count } },
  )
}
