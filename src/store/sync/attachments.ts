import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { AttachmentTable } from '../schema.gen.ts'
import { giveEvidenceRoomBack } from '../security/evidence-use.ts'

export type AttachmentRow = Selectable<AttachmentTable>
type Key = { organizationId: string; id: string }

export type NewAttachment = Key & {
  vulnerabilityId: string
  messageId: string | null
  evidenceFileId: string | null
  name: string
  mediaType: string
  bytes: number | null
  addedBy: string | null
  createdAt: Date
}

export async function insertAttachment(tx: Db, attachment: NewAttachment): Promise<void> {
  await tx
    .insertInto('attachment')
    .values({
      organization_id: attachment.organizationId,
      id: attachment.id,
      vulnerability_id: attachment.vulnerabilityId,
      message_id: attachment.messageId,
      evidence_file_id: attachment.evidenceFileId,
      name: attachment.name,
      media_type: attachment.mediaType,
      bytes: attachment.bytes,
      added_by: attachment.addedBy,
      created_at: attachment.createdAt,
    })
    .execute()
}

export async function findAttachment(db: Db, key: Key & { lock?: boolean }): Promise<AttachmentRow | undefined> {
  return db
    .selectFrom('attachment')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .$if(key.lock === true, (query) => query.forUpdate())
    .executeTakeFirst()
}

/** Attachments of some messages, in the order they were chosen. */
export async function listAttachmentsOfMessages(
  db: Db,
  key: { organizationId: string; messageIds: readonly string[] },
): Promise<AttachmentRow[]> {
  if (key.messageIds.length === 0) return []
  return db
    .selectFrom('attachment')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where(sql<boolean>`message_id = any(${[...key.messageIds]}::uuid[])`)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

type Staged = { organizationId: string; vulnerabilityId: string; memberId: string }

/** How many files a member has chosen for a message not written yet. */
export async function countStaged(db: Db, key: Staged): Promise<number> {
  const row = await db
    .selectFrom('attachment')
    .select(({ fn }) => fn.countAll<number>().as('files'))
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('added_by', '=', key.memberId)
    .where('message_id', 'is', null)
    .executeTakeFirstOrThrow()
  return row.files
}

/** Gives chosen files to their message; answers those that were still to be given, by this member, in this thread. */
export async function claimStaged(
  tx: Db,
  input: Staged & { messageId: string; ids: readonly string[] },
): Promise<AttachmentRow[]> {
  return tx
    .updateTable('attachment')
    .set({ message_id: input.messageId })
    .where('organization_id', '=', input.organizationId)
    .where('vulnerability_id', '=', input.vulnerabilityId)
    .where('added_by', '=', input.memberId)
    .where('message_id', 'is', null)
    .where(sql<boolean>`id = any(${[...input.ids]}::uuid[])`)
    .returningAll()
    .execute()
}

/** Says of a file that it is gone; answers false when that was said already. */
export async function entombAttachment(tx: Db, key: Key & { byName: string; now: Date }): Promise<boolean> {
  const row = await tx
    .updateTable('attachment')
    .set({ removed_by_name: key.byName, removed_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('removed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Takes a file that was never sent away, with its bytes. The last statements of a transaction: it gives room back. */
export async function deleteStaged(tx: Db, { organizationId, id }: Key): Promise<boolean> {
  const gone = await tx
    .deleteFrom('attachment')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('message_id', 'is', null)
    .returning(['evidence_file_id', 'bytes'])
    .executeTakeFirst()
  if (gone === undefined || gone.evidence_file_id === null) return false
  await tx
    .deleteFrom('evidence_file')
    .where('organization_id', '=', organizationId)
    .where('id', '=', gone.evidence_file_id)
    .execute()
  await giveEvidenceRoomBack(tx, { organizationId, bytes: gone.bytes ?? 0 })
  return true
}

/** Takes away the files that were chosen before then and never sent. */
export async function deleteForgottenStaged(db: Db, old: { organizationId: string; before: Date }): Promise<void> {
  const { organizationId } = old
  const rows = await db
    .selectFrom('attachment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('message_id', 'is', null)
    .where('created_at', '<', old.before)
    .execute()
  for (const { id } of rows) await db.transaction().execute((tx) => deleteStaged(tx, { organizationId, id }))
}

/** Our files of sent messages that no link joins to this item yet. */
export async function listUnsaidAttachments(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string; defectId: string },
): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('attachment')
    .select(['id', 'name'])
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('message_id', 'is not', null)
    .where('evidence_file_id', 'is not', null)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('attachment_link')
            .select('attachment_link.id')
            .whereRef('attachment_link.organization_id', '=', 'attachment.organization_id')
            .whereRef('attachment_link.attachment_id', '=', 'attachment.id')
            .where('attachment_link.defect_id', '=', key.defectId),
        ),
      ),
    )
    .execute()
}
