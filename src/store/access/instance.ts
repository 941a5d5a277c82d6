import type { Db } from '../db.ts'

export type Instance = {
  instanceId: string
  setupTokenHash: string | null
  setupDoneAt: Date | null
  restoredAt: Date | null
}

const columns = [
  'instance_id as instanceId',
  'setup_token_hash as setupTokenHash',
  'setup_done_at as setupDoneAt',
  'restored_at as restoredAt',
] as const

export async function ensureInstance(db: Db, instanceId: string): Promise<Instance> {
  await db
    .insertInto('instance')
    .values({ instance_id: instanceId })
    .onConflict((row) => row.doNothing())
    .execute()
  return getInstance(db)
}

export async function getInstance(db: Db): Promise<Instance> {
  return db.selectFrom('instance').select(columns).executeTakeFirstOrThrow()
}

/** Locks the one row until the transaction ends: two setups at once come one after the other. */
export async function lockInstance(tx: Db): Promise<Instance> {
  return tx.selectFrom('instance').select(columns).forUpdate().executeTakeFirstOrThrow()
}

/** Answers whether this call wrote it; false when a token was there or the setup is done. */
export async function recordSetupToken(db: Db, tokenHash: string): Promise<boolean> {
  const result = await db
    .updateTable('instance')
    .set({ setup_token_hash: tokenHash })
    .where('setup_done_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function recordSetupDone(tx: Db, at: Date): Promise<void> {
  await tx.updateTable('instance').set({ setup_done_at: at, setup_token_hash: null }).execute()
}
