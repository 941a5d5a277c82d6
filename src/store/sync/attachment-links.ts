import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { AttachmentLinkTable } from '../schema.gen.ts'

export type AttachmentLinkRow = Selectable<AttachmentLinkTable>

export type NewAttachmentLink = {
  organizationId: string
  id: string
  attachmentId: string
  defectId: string
  direction: AttachmentLinkRow['direction']
  remoteId: string | null
  url: string | null
  state: AttachmentLinkRow['state']
  reason: string | null
  now: Date
}

/** Joins a file to what stands for it in a tracker; a second time changes where it stands. */
export async function saveAttachmentLink(tx: Db, link: NewAttachmentLink): Promise<void> {
  const standing = { remote_id: link.remoteId, url: link.url, state: link.state, reason: link.reason }
  await tx
    .insertInto('attachment_link')
    .values({
      organization_id: link.organizationId,
      id: link.id,
      attachment_id: link.attachmentId,
      defect_id: link.defectId,
      direction: link.direction,
      ...standing,
      created_at: link.now,
      updated_at: link.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'attachment_id', 'defect_id'])
        .doUpdateSet({ ...standing, updated_at: link.now }),
    )
    .execute()
}

export async function listAttachmentLinks(
  db: Db,
  key: { organizationId: string; attachmentIds: readonly string[] },
): Promise<(AttachmentLinkRow & { tracker: string })[]> {
  if (key.attachmentIds.length === 0) return []
  return db
    .selectFrom('attachment_link')
    .innerJoin('defect', (join) =>
      join
        .onRef('defect.organization_id', '=', 'attachment_link.organization_id')
        .onRef('defect.id', '=', 'attachment_link.defect_id'),
    )
    .selectAll('attachment_link')
    .select('defect.tracker')
    .where('attachment_link.organization_id', '=', key.organizationId)
    .where(sql<boolean>`attachment_link.attachment_id = any(${[...key.attachmentIds]}::uuid[])`)
    .execute()
}

/** Everything known of the files of one item. */
export async function listAttachmentLinksOfDefect(
  db: Db,
  key: { organizationId: string; defectId: string },
): Promise<AttachmentLinkRow[]> {
  return db
    .selectFrom('attachment_link')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .execute()
}

export async function markAttachmentRemoved(
  tx: Db,
  key: { organizationId: string; id: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('attachment_link')
    .set({ state: 'removed', updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
