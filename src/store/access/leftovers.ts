import type { Db } from '../db.ts'

/** Answers are kept for a day: nobody repeats a request later than that. */
const answersLiveMs = 24 * 3600 * 1000

/** Forgets ended sessions and old idempotency keys of the whole installation. */
export async function deleteLeftovers(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('auth_session').where('expires_at', '<', now).execute()
  const before = new Date(now.getTime() - answersLiveMs)
  await db.deleteFrom('idempotency_key').where('created_at', '<', before).execute()
}
