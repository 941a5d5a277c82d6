import type { ErrorCode } from '../lib/app-error.ts'

/** What scripts can rely on. Written into `weir --help`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  reportRefused: 3,
  held: 4,
} as const

export const exitCodesHelp = [
  'Exit codes: 0 done (also: nothing to do, preview made) · 1 failed · 2 wrong arguments or configuration ·',
  '            3 the report cannot be read · 4 the import is held for a person to decide',
].join('\n')

/** The exit code of a foreseen failure. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'config_invalid' || code === 'validation_failed') return exitCodes.wrongUse
  return code.startsWith('report_') ? exitCodes.reportRefused : exitCodes.failed
}
