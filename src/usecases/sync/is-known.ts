import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { findLinkByComment } from '../../store/sync/message-links.ts'
import { parseAgreed } from './agreed.ts'

/**
 * Whether a webhook speaks of a comment of ours as we wrote it: then there is nothing to fetch. Known by its stored id and
 * the remote's own time; whatever came later has an event of its own. Needs the defect's lock, so that a comment whose
 * answer is on the way is written down.
 */
export async function isOwnAsWritten(
  db: Db,
  { defect, commentId, toldOf }: { defect: DefectRow; commentId: string; toldOf: Date },
): Promise<boolean> {
  const key = { organizationId: defect.organization_id, defectId: defect.id, remoteCommentId: commentId }
  const link = await findLinkByComment(db, key)
  return (
    link?.direction === 'out' &&
    link.state === 'sent' &&
    link.remote_updated_at !== null &&
    toldOf <= link.remote_updated_at
  )
}

/** Whether both sides agreed already on the very state a webhook tells of, in the remote's words. Needs the defect's lock. */
export function isStateKnown(defect: DefectRow, remoteState: string): boolean {
  const agreed = parseAgreed(defect.agreed)
  return defect.link === 'ok' && agreed.missing_since === undefined && agreed.remote_state === remoteState
}
