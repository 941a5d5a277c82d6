import type { AttachmentLimits } from '../../../domain/attachment-type.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { entombEvidenceFile } from '../../../store/security/evidence-files.ts'
import { giveEvidenceRoomBack } from '../../../store/security/evidence-use.ts'
import {
  type AttachmentRow,
  claimStaged,
  entombAttachment,
  listAttachmentsOfMessages,
} from '../../../store/sync/attachments.ts'

type Claim = {
  organizationId: string
  vulnerabilityId: string
  memberId: string
  messageId: string
  ids: readonly string[]
  limits: AttachmentLimits
}

/**
 * Gives the chosen files to the message they were chosen for, in its transaction. Throws `validation_failed` for files
 * that are not (or no longer) to be sent by this member in this thread, and for more than a message may hold.
 */
export async function claimAttachments(tx: Db, { limits, ...claim }: Claim): Promise<AttachmentRow[]> {
  const ids = [...new Set(claim.ids)]
  if (ids.length === 0) return []
  if (ids.length > limits.files) throw tooMany(`A message can have ${limits.files} files.`)
  const claimed = await claimStaged(tx, { ...claim, ids })
  if (claimed.length < ids.length)
    throw new AppError('validation_failed', 'attachment_ids: one of them is not waiting to be sent in this thread.')
  const bytes = claimed.reduce((sum, one) => sum + (one.bytes ?? 0), 0)
  if (bytes > limits.bytesTogether)
    throw tooMany(`The files of a message may have ${limits.bytesTogether / 1024 / 1024} MB together.`)
  return claimed
}

function tooMany(sentence: string): AppError {
  return new AppError('validation_failed', `${sentence} Remove some, or send them with a second message.`)
}

/** Takes the bytes of a message's files away; their lines stay. The last of a transaction: it gives room back. */
export async function withdrawAttachments(
  tx: Db,
  input: { organizationId: string; messageId: string; byName: string; now: Date },
): Promise<void> {
  const { organizationId, messageId, byName, now } = input
  for (const { id, evidence_file_id: fileId, bytes } of await listAttachmentsOfMessages(tx, {
    organizationId,
    messageIds: [messageId],
  })) {
    if (!(await entombAttachment(tx, { organizationId, id, byName, now })) || fileId === null) continue
    await entombEvidenceFile(tx, { organizationId, id: fileId, byName, now })
    await giveEvidenceRoomBack(tx, { organizationId, bytes: bytes ?? 0 })
  }
}
