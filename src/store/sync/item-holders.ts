import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Item = { organizationId: string; tracker: string; containerId: string; remoteId: string }

/**
 * Whether a vulnerability of another organization has this item. It crosses organizations, and says of none of them but
 * that: two organizations may be connected with one site. Holds whoever links the same item meanwhile until `tx` ends.
 */
export async function isItemHeldElsewhere(tx: Db, item: Item): Promise<boolean> {
  const { organizationId, tracker, containerId, remoteId } = item
  const name = `weir item ${tracker} ${containerId} ${remoteId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
  // By way of the organizations, of which there are few: the index of items begins with theirs.
  const { rows } = await sql`
    select from organization o
    join defect d on d.organization_id = o.organization_id
    where o.organization_id <> ${organizationId}::uuid and d.tracker = ${tracker} and d.container_id = ${containerId}
      and d.remote_id = ${remoteId} and d.unlinked_at is null and d.ended_at is null
    limit 1`.execute(tx)
  return rows.length > 0
}
