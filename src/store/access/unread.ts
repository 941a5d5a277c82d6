import type { Db } from '../db.ts'

/** Notifications the member has not read. */
export async function countUnread(db: Db, key: { organizationId: string; memberId: string }): Promise<number> {
  const row = await db
    .selectFrom('notification')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}
