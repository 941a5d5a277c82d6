import { AppError } from '../../../lib/app-error.ts'
import type { ImportRow } from '../../../store/security/imports.ts'

/** The import, when it waits for a decision. */
export function requireWaiting(found: ImportRow | undefined): ImportRow {
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  if (found.state !== 'previewed' && found.state !== 'held') throw alreadyDecided(found.state)
  return found
}

/** What a second decision on an import gets. */
export function alreadyDecided(state?: string): AppError {
  const what = state === undefined ? 'Somebody decided on this import a moment ago.' : `This import is ${state}.`
  return new AppError('conflict', `${what} Only a previewed or held import can be applied or discarded.`)
}
