import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** What the files of evidence of an organization take, those removed not counted. */
export type EvidenceUse = { files: number; bytes: number }

export async function findEvidenceUse(db: Db, organizationId: string): Promise<EvidenceUse> {
  const row = await db
    .selectFrom('evidence_use')
    .select(['files', 'bytes'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row ?? { files: 0, bytes: 0 }
}

/**
 * Takes room for one more file; false where all of them would be more than `bytesAtMost`. Its row is locked from then on:
 * the last statement of a transaction, so that nobody who holds it waits for somebody who wants it.
 */
export async function takeEvidenceRoom(
  tx: Db,
  { organizationId, bytes, bytesAtMost }: { organizationId: string; bytes: number; bytesAtMost: number },
): Promise<boolean> {
  const taken = await sql`
    insert into evidence_use as u (organization_id, files, bytes)
    select ${organizationId}::uuid, 1, ${bytes}::bigint where ${bytes}::bigint <= ${bytesAtMost}::bigint
    on conflict (organization_id) do update set files = u.files + 1, bytes = u.bytes + excluded.bytes
      where u.bytes + excluded.bytes <= ${bytesAtMost}::bigint`.execute(tx)
  return taken.numAffectedRows === 1n
}

/** Gives the room of a file back; the last statement of a transaction, as above. */
export async function giveEvidenceRoomBack(
  tx: Db,
  { organizationId, bytes }: { organizationId: string; bytes: number },
): Promise<void> {
  await sql`update evidence_use set files = files - 1, bytes = bytes - ${bytes}::bigint
    where organization_id = ${organizationId}::uuid`.execute(tx)
}
