import type { Message } from '../../../contract/sync/messages.ts'
import type { Db } from '../../store/db.ts'
import { listLinksOfMessages } from '../../store/sync/message-links.ts'
import type { MessageRow } from '../../store/sync/messages.ts'
import { listUnreadMessageIds } from '../../store/sync/notifications.ts'

export type Reader = { organizationId: string; memberId: string; vulnerabilityId: string }

/** Messages as one member sees them. */
export async function toMessageViews(db: Db, reader: Reader, rows: readonly MessageRow[]): Promise<Message[]> {
  const { organizationId, memberId } = reader
  const links = await listLinksOfMessages(db, { organizationId, messageIds: rows.map((row) => row.id) })
  const byMessage = Map.groupBy(links, (link) => link.message_id)
  const unread = await listUnreadMessageIds(db, reader)
  return rows.map((row) => {
    const isMine = row.author_kind === 'member' && row.author_member_id === memberId
    return {
      id: row.id,
      parent_id: row.parent_id,
      author: { kind: row.author_kind, name: row.author_name, is_me: isMine },
      body: row.deleted_at === null ? row.body : '',
      internal: row.internal,
      links: (byMessage.get(row.id) ?? []).map((link) => ({
        tracker: link.tracker,
        direction: link.direction,
        state: link.state,
        error: link.error,
        operation_id: link.operation_id,
        url: commentUrl(link.url, link.remote_comment_id),
      })),
      unread: unread.has(row.id),
      version: row.version,
      can_edit: isMine && row.deleted_at === null,
      created_at: row.created_at.toISOString(),
      edited_at: row.edited_at?.toISOString() ?? null,
      deleted_at: row.deleted_at?.toISOString() ?? null,
    }
  })
}

/** Bitbucket's pages jump to a comment by this fragment, on issues, commits and pull requests alike. */
function commentUrl(itemUrl: string | null, commentId: string | null): string | null {
  if (itemUrl === null || commentId === null) return null
  return `${itemUrl.replace(/#.*$/, '')}#comment-${commentId}`
}
