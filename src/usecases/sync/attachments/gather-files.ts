import type { Db } from '../../../store/db.ts'
import type { DefectRow } from '../../../store/sync/defects.ts'
import { gatherAttachments } from '../../../store/sync/gather-attachments.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { findLinkByComment } from '../../../store/sync/message-links.ts'

/** Joins a comment that came with the files it shows, which the remote may have told of first. */
export async function gatherFiles(
  tx: Db,
  { defect, commentId }: { defect: DefectRow; commentId: string },
): Promise<void> {
  const organizationId = defect.organization_id
  const link = await findLinkByComment(tx, { organizationId, defectId: defect.id, remoteCommentId: commentId })
  if (link === undefined || link.direction === 'out') return
  const key = { organizationId, defectId: defect.id, messageId: link.message_id }
  if ((await gatherAttachments(tx, key)) === 0) return
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: defect.vulnerability_id }])
  await announce(tx, organizationId, [{ kind: 'notification' }])
}
