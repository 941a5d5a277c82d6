import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** A comment and the files that came from the same author within this many milliseconds may belong together. */
export const togetherMs = 60_000

/**
 * Gives a comment the files its text shows, where they came first and stand in a message of their own; that message, which
 * nobody wrote, goes once it is empty. Answers how many were given.
 */
export async function gatherAttachments(
  tx: Db,
  { organizationId, defectId, messageId }: { organizationId: string; defectId: string; messageId: string },
): Promise<number> {
  const given = await sql<{ former: string }>`
    update attachment a set message_id = shown.id
    from message shown, message bare, message_link l
    where a.organization_id = ${organizationId}::uuid and a.removed_at is null and a.evidence_file_id is null
      and shown.organization_id = a.organization_id and shown.id = ${messageId}::uuid
      and bare.organization_id = a.organization_id and bare.id = a.message_id and bare.id <> shown.id
      and bare.body = '' and bare.author_remote_uuid = shown.author_remote_uuid
      and abs(extract(epoch from bare.created_at - shown.created_at)) * 1000 <= ${togetherMs}
      and l.organization_id = bare.organization_id and l.message_id = bare.id and l.defect_id = ${defectId}::uuid
      and l.direction = 'in' and l.remote_comment_id is null
      and (position(a.name in replace(shown.body, chr(92), '')) > 0
        or position('[file]' in replace(shown.body, chr(92), '')) > 0)
    returning bare.id as former`.execute(tx)
  for (const former of new Set(given.rows.map((row) => row.former))) await dropEmpty(tx, { organizationId, id: former })
  return given.rows.length
}

async function dropEmpty(tx: Db, { organizationId, id }: { organizationId: string; id: string }): Promise<void> {
  const { rows } = await sql`
    select 1 from message m where m.organization_id = ${organizationId}::uuid and m.id = ${id}::uuid
      and not exists (select 1 from attachment a where a.organization_id = m.organization_id and a.message_id = m.id)
      and not exists (select 1 from message r where r.organization_id = m.organization_id and r.parent_id = m.id)
      and not exists (select 1 from operation o where o.organization_id = m.organization_id and o.message_id = m.id)`.execute(
    tx,
  )
  if (rows.length === 0) return
  for (const table of ['notification', 'message_link'] as const)
    await tx.deleteFrom(table).where('organization_id', '=', organizationId).where('message_id', '=', id).execute()
  await tx.deleteFrom('message').where('organization_id', '=', organizationId).where('id', '=', id).execute()
}
