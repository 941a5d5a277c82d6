import { AppError } from '../lib/app-error.ts'
import { scanners } from '../scanners/registry.ts'

/** Of a report read on this machine; another Weir may know other formats. Throws `validation_failed` for one nobody knows. */
export function requireFormat(format: string | undefined): void {
  if (format === undefined || scanners.some(({ name }) => name === format)) return
  const names = scanners.map(({ name }) => name).join(', ')
  throw new AppError('validation_failed', `--format ${format}: choose one of ${names}.`)
}
