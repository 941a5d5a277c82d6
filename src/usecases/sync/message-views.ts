import type { Message } from '../../../contract/sync/messages.ts'
import { type KnownContributor, listContributorsByIds } from '../../store/access/contributors.ts'
import type { Db } from '../../store/db.ts'
import { listLinksOfMessages } from '../../store/sync/message-links.ts'
import { listMentions } from '../../store/sync/message-mentions.ts'
import type { MessageRow } from '../../store/sync/messages.ts'
import { listUnreadMessageIds } from '../../store/sync/notifications.ts'
import { findTracker } from '../../trackers/registry.ts'
import { listAttachmentViews } from './attachments/attachment-views.ts'
import { shownName } from './read-comment.ts'

export type Reader = { organizationId: string; memberId: string; vulnerabilityId: string }

/** Messages as one member sees them. */
export async function toMessageViews(db: Db, reader: Reader, rows: readonly MessageRow[]): Promise<Message[]> {
  const { organizationId, memberId } = reader
  const ofRows = { organizationId, messageIds: rows.map((row) => row.id) }
  const links = await listLinksOfMessages(db, ofRows)
  const byMessage = Map.groupBy(links, (link) => link.message_id)
  const attachments = await listAttachmentViews(db, ofRows)
  const mentions = Map.groupBy(await listMentions(db, ofRows), (mention) => mention.message_id)
  const people = await listPeople(db, organizationId, rows)
  const unread = await listUnreadMessageIds(db, reader)
  return rows.map((row) => {
    const isMine = row.author_kind === 'member' && row.author_member_id === memberId
    return {
      id: row.id,
      parent_id: row.parent_id,
      author: toAuthor(row, { isMine, memberId, contributor: people.get(row.contributor_id ?? '') }),
      mentions: (mentions.get(row.id) ?? []).map(({ name, member_id, contributor_id, called_member_id }) => ({
        name,
        member_id,
        contributor_id,
        is_me: called_member_id === memberId,
      })),
      body: row.deleted_at === null ? row.body : '',
      internal: row.internal,
      links: (byMessage.get(row.id) ?? []).map((link) => ({
        tracker: link.tracker,
        direction: link.direction,
        state: link.state,
        error: link.error,
        operation_id: link.operation_id,
        url: commentUrl(link),
      })),
      attachments: attachments.get(row.id) ?? [],
      unread: unread.has(row.id),
      version: row.version,
      can_edit: isMine && row.deleted_at === null,
      created_at: row.created_at.toISOString(),
      edited_at: row.edited_at?.toISOString() ?? null,
      deleted_at: row.deleted_at?.toISOString() ?? null,
    }
  })
}

async function listPeople(
  db: Db,
  organizationId: string,
  rows: readonly MessageRow[],
): Promise<Map<string, KnownContributor>> {
  const ids = [...new Set(rows.map((row) => row.contributor_id).filter((id) => id !== null))]
  return new Map((await listContributorsByIds(db, { organizationId, ids })).map((one) => [one.id, one]))
}

type Written = { isMine: boolean; memberId: string; contributor: KnownContributor | undefined }

/** As they are called now, by the name of the member whose account it is. */
function toAuthor(row: MessageRow, { isMine, memberId, contributor }: Written): Message['author'] {
  return {
    kind: row.author_kind,
    name: contributor === undefined ? row.author_name : shownName(contributor),
    is_me: isMine || (contributor !== undefined && contributor.member_id === memberId),
    // Nobody writes in a thread by a commit.
    via: contributor === undefined || contributor.kind === 'git' ? null : contributor.kind,
    is_bot: contributor?.is_bot === true,
    is_closed: (contributor?.closed_at ?? null) !== null,
  }
}

type RemoteComment = { tracker: string; url: string | null; remote_comment_id: string | null }

/** Pages of a remote jump to a comment: Bitbucket's by a fragment, on issues, commits and pull requests alike. */
function commentUrl({ tracker, url, remote_comment_id: commentId }: RemoteComment): string | null {
  if (url === null || commentId === null) return null
  const page = url.replace(/#.*$/, '')
  const isJira = findTracker(tracker)?.connectionKind === 'jira'
  return isJira ? `${page}?focusedCommentId=${commentId}` : `${page}#comment-${commentId}`
}
