import type { Pool } from 'pg'
import { secretKeyId } from './lib/secret-box.ts'
import { countForeignSeals } from './store/remotes/foreign-seals.ts'

/** What an administrator has to know when the database holds credentials that the present keys do not open; else undefined. */
export async function checkSecretKeys(pool: Pool, keys: readonly Uint8Array[]): Promise<string | undefined> {
  const count = await countForeignSeals(pool, keys.map(secretKeyId))
  if (count === 0) return undefined
  const what = count === 1 ? 'The credential of one connection' : `The credentials of ${count} connections`
  return `${what} cannot be opened with the present secret key. Put back the key of the time they were stored (secret.key in the data folder, or WEIR_SECRET_KEYS=PRESENT,FORMER), or renew them under Integrations.`
}
