import { type NewId, newSecret } from '../../lib/ids.ts'
import { ensureInstance, recordSetupToken } from '../../store/access/instance.ts'
import type { Db } from '../../store/db.ts'
import { hashSecret } from './secret-hash.ts'

/** `setupToken` is set while Weir is not set up: a fresh one at each start of a web process, the one before stops working. */
export type PreparedSetup = { instanceId: string; setupToken: string | undefined }

export async function prepareSetup(deps: { db: Db; newId: NewId; printsToken: boolean }): Promise<PreparedSetup> {
  const instance = await ensureInstance(deps.db, deps.newId())
  if (instance.setupDoneAt !== null || !deps.printsToken)
    return { instanceId: instance.instanceId, setupToken: undefined }
  const setupToken = newSecret(24)
  const isRecorded = await recordSetupToken(deps.db, hashSecret(setupToken))
  return { instanceId: instance.instanceId, setupToken: isRecorded ? setupToken : undefined }
}
