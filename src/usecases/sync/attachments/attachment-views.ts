import type { Attachment } from '../../../../contract/sync/attachments.ts'
import { isSafeImage } from '../../../domain/evidence-type.ts'
import type { Db } from '../../../store/db.ts'
import { type AttachmentLinkRow, listAttachmentLinks } from '../../../store/sync/attachment-links.ts'
import { type AttachmentRow, listAttachmentsOfMessages } from '../../../store/sync/attachments.ts'

/** The attachments of some messages as people see them, by message. */
export async function listAttachmentViews(
  db: Db,
  key: { organizationId: string; messageIds: readonly string[] },
): Promise<ReadonlyMap<string, Attachment[]>> {
  const rows = await listAttachmentsOfMessages(db, key)
  const attachmentIds = rows.map(({ id }) => id)
  const links = await listAttachmentLinks(db, { organizationId: key.organizationId, attachmentIds })
  const byAttachment = Map.groupBy(links, (link) => link.attachment_id)
  const byMessage = Map.groupBy(rows, (row) => row.message_id ?? '')
  const toViews = (ofMessage: readonly AttachmentRow[]) =>
    ofMessage.map((row) => toAttachmentView(row, byAttachment.get(row.id) ?? []))
  return new Map([...byMessage].map(([messageId, ofMessage]) => [messageId, toViews(ofMessage)]))
}

export function toAttachmentView(
  row: AttachmentRow,
  links: readonly (AttachmentLinkRow & { tracker: string })[],
): Attachment {
  return {
    id: row.id,
    name: row.name,
    media_type: row.media_type,
    bytes: row.bytes,
    is_image: isSafeImage(row.media_type),
    is_kept: row.evidence_file_id !== null,
    links: links.map(({ tracker, direction, state, reason, url }) => ({ tracker, direction, state, reason, url })),
    created_at: row.created_at.toISOString(),
    removed_by: row.removed_by_name,
    removed_at: row.removed_at?.toISOString() ?? null,
  }
}
