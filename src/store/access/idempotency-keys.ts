import type { Db } from '../db.ts'

export type IdempotencyKey = { organizationId: string; principalId: string; key: string }
export type StoredAnswer = { requestHash: string; status: number | null; sealedAnswer: string | null }

/** Takes the key for a request; answers what is stored when somebody took it before, undefined when it is ours now. */
export async function takeIdempotencyKey(
  db: Db,
  key: IdempotencyKey,
  request: { hash: string; at: Date },
): Promise<StoredAnswer | undefined> {
  const inserted = await db
    .insertInto('idempotency_key')
    .values({
      organization_id: key.organizationId,
      principal_id: key.principalId,
      key: key.key,
      request_hash: request.hash,
      created_at: request.at,
    })
    .onConflict((row) => row.doNothing())
    .executeTakeFirst()
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) return undefined
  const row = await db
    .selectFrom('idempotency_key')
    .select(['request_hash', 'status', 'response'])
    .where('organization_id', '=', key.organizationId)
    .where('principal_id', '=', key.principalId)
    .where('key', '=', key.key)
    .executeTakeFirst()
  if (row === undefined) return takeIdempotencyKey(db, key, request)
  return {
    requestHash: row.request_hash,
    status: row.status,
    sealedAnswer: typeof row.response === 'string' ? row.response : null,
  }
}

export async function recordIdempotentAnswer(
  db: Db,
  key: IdempotencyKey,
  answer: { status: number; sealedAnswer: string; requestHash: string },
): Promise<void> {
  await db
    .updateTable('idempotency_key')
    .set({
      status: answer.status,
      response: JSON.stringify(answer.sealedAnswer),
      request_hash: answer.requestHash,
    })
    .where('organization_id', '=', key.organizationId)
    .where('principal_id', '=', key.principalId)
    .where('key', '=', key.key)
    .execute()
}

/** After a request that failed and left nothing behind: the key may be used again. */
export async function releaseIdempotencyKey(db: Db, key: IdempotencyKey): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('organization_id', '=', key.organizationId)
    .where('principal_id', '=', key.principalId)
    .where('key', '=', key.key)
    .execute()
}

export async function deleteIdempotencyKeysBefore(db: Db, organizationId: string, before: Date): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('organization_id', '=', organizationId)
    .where('created_at', '<', before)
    .execute()
}
