import { isAppError } from '../lib/app-error.ts'
import type { Fetched } from './tracker.ts'

/**
 * Runs `ask`; a 404 becomes `deleted` when it comes again once `confirm` has found what surrounds it. `confirm` throws
 * when the surroundings cannot be seen: then nobody knows whether anything was deleted.
 */
export async function deletedWhenMissing<Value>(
  ask: () => Promise<Fetched<Value>>,
  confirm: () => Promise<unknown>,
): Promise<Fetched<Value>> {
  const missing = { kind: 'deleted' } as const
  const known = await foundOr(missing, ask)
  if (known !== missing) return known
  await confirm()
  // A place that was hidden just then is seen by now: its 404 said nothing.
  return foundOr(missing, ask)
}

async function foundOr<Value>(
  missing: { kind: 'deleted' },
  ask: () => Promise<Fetched<Value>>,
): Promise<Fetched<Value>> {
  try {
    return await ask()
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) return missing
    throw error
  }
}
