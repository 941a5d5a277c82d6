import type { Actor } from '../../domain/actor.ts'
import { hashMessage, parseMarker, readMessage } from '../../domain/message-text.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { Db } from '../../store/db.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import {
  findLinkByComment,
  findLinkByMessage,
  insertMessageLink,
  type MessageLinkRow,
  updateMessageLink,
} from '../../store/sync/message-links.ts'
import {
  bumpMessage,
  entombMessage,
  findMessage,
  insertMessage,
  insertRevision,
  type MessageRow,
  rewriteMessage,
} from '../../store/sync/messages.ts'
import { notifyMembers, retellMessage, silenceMessage } from '../../store/sync/notifications.ts'
import { hasOpenEdit } from '../../store/sync/operations.ts'
import { recordTimeline, type TimelineEntry } from '../../store/sync/timeline.ts'
import type { Fetched, TrackerComment } from '../../trackers/tracker.ts'
import type { WriteDeps } from './sync-deps.ts'

/** What a remote comment turned out to mean here, in words for the log of deliveries. */
export type CommentOutcome = { changed: boolean; outcome: string }

export type SeenComment = {
  defect: DefectRow
  commentId: string
  comment: Fetched<TrackerComment>
  /** This installation, as markers name it. */
  instance: string
}

/** Brings our copy of one remote comment up to what it is now. Running it again changes nothing. Needs the defect's lock. */
export async function recordComment(deps: WriteDeps, tx: Db, seen: SeenComment): Promise<CommentOutcome> {
  const { defect, commentId, comment } = seen
  const organizationId = defect.organization_id
  const link = await findLinkByComment(tx, { organizationId, defectId: defect.id, remoteCommentId: commentId })
  if (link === undefined) {
    if (comment.kind === 'deleted') return same('The comment was deleted before Weir read it.')
    return recordNew(deps, tx, { seen, comment: comment.value })
  }
  const message = await findMessage(tx, { organizationId, id: link.message_id, lock: true })
  if (message === undefined) return same('The message of this comment is not known any more.')
  if (comment.kind === 'deleted') return recordDeletion(deps, tx, { defect, link, message })
  return recordText(deps, tx, { defect, link, message, comment: comment.value })
}

function same(outcome: string): CommentOutcome {
  return { changed: false, outcome }
}

type Known = { defect: DefectRow; link: MessageLinkRow; message: MessageRow }

async function recordNew(
  deps: WriteDeps,
  tx: Db,
  { seen, comment }: { seen: SeenComment; comment: TrackerComment },
): Promise<CommentOutcome> {
  const { defect } = seen
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const now = deps.clock()
  const marker = parseMarker(comment.body)
  if (marker?.instance === seen.instance && (await isOwn(tx, { defect, comment, markedId: marker.id })))
    return adoptOwn(deps, tx, { seen, comment, markedId: marker.id })
  const body = readMessage(comment.body)
  if (body === '') return same('The comment has no text (it goes with a change of state).')
  const messageId = deps.newId()
  await insertMessage(tx, {
    organizationId,
    id: messageId,
    vulnerabilityId,
    parentId: await findParentMessage(tx, defect, comment.parentId),
    author: { kind: 'remote', remoteUuid: comment.author.uuid, name: comment.author.name },
    body,
    internal: false,
    createdAt: comment.createdAt,
  })
  await insertMessageLink(tx, {
    organizationId,
    id: deps.newId(),
    messageId,
    defectId: defect.id,
    remoteCommentId: comment.id,
    direction: 'in',
    bodyHash: hashMessage(comment.body),
    remoteUpdatedAt: comment.updatedAt,
    state: 'sent',
    now,
  })
  const subject = subjectOf(comment.author.name, body)
  const called = { organizationId, vulnerabilityId, kind: 'message' as const, messageId, subject }
  await notifyMembers(deps, tx, { ...called, now, exceptMemberId: null })
  await tell(deps, tx, defect, { kind: 'message_received', actor: actorOf(comment), after: { message_id: messageId } })
  await announce(tx, organizationId, [{ kind: 'notification' }])
  return { changed: true, outcome: `A message of ${comment.author.name} was taken in.` }
}

/** A marker alone proves nothing once it can be read in Bitbucket: people copy a comment, and the marker goes along. */
async function isOwn(
  tx: Db,
  { defect, comment, markedId }: { defect: DefectRow; comment: TrackerComment; markedId: string },
): Promise<boolean> {
  const organizationId = defect.organization_id
  const link = await findLinkByMessage(tx, { organizationId, defectId: defect.id, messageId: markedId })
  if (link !== undefined && link.remote_comment_id === null) return true
  const connection = await findConnection(tx, { organizationId, connectionId: defect.connection_id })
  const account = connection?.remote_account_uuid ?? null
  return account === null || comment.author.uuid === null || comment.author.uuid === account
}

/** Our own comment, written by an attempt that could not say so: the link is made now, and nothing else. */
async function adoptOwn(
  deps: WriteDeps,
  tx: Db,
  { seen, comment, markedId }: { seen: SeenComment; comment: TrackerComment; markedId: string },
): Promise<CommentOutcome> {
  const { defect } = seen
  const organizationId = defect.organization_id
  const link = await findLinkByMessage(tx, { organizationId, defectId: defect.id, messageId: markedId })
  if (link !== undefined && link.remote_comment_id === null)
    await updateMessageLink(
      tx,
      { organizationId, id: link.id, now: deps.clock() },
      {
        remoteCommentId: comment.id,
        bodyHash: hashMessage(comment.body),
        remoteUpdatedAt: comment.updatedAt,
        state: 'sent',
        error: null,
      },
    )
  return same('Our own comment came back; nothing to do.')
}

async function recordText(
  deps: WriteDeps,
  tx: Db,
  { defect, link, message, comment }: Known & { comment: TrackerComment },
): Promise<CommentOutcome> {
  const organizationId = defect.organization_id
  const now = deps.clock()
  const hash = hashMessage(comment.body)
  if (link.body_hash === hash) return same('Nothing new: the comment is known as it is.')
  if (link.remote_updated_at !== null && comment.updatedAt < link.remote_updated_at)
    return same('This is older than what Weir knows of the comment.')
  if (message.deleted_at !== null) return same('The message was deleted here; its comment follows.')
  const seenRemotely = { bodyHash: hash, remoteUpdatedAt: comment.updatedAt }
  await updateMessageLink(tx, { organizationId, id: link.id, now }, seenRemotely)
  const body = readMessage(comment.body)
  const revision = { organizationId, messageId: message.id, version: message.version, now }
  if (await hasOpenEdit(tx, { organizationId, defectId: defect.id, messageId: message.id })) {
    // Edited on both sides. Its author wrote it here, so what is here stays and goes out; the other text is kept.
    await insertRevision(tx, { ...revision, body })
    await bumpMessage(tx, { organizationId, id: message.id })
    const reason = 'The message was edited here and in Bitbucket at once; the text written here stands.'
    await tell(deps, tx, defect, { kind: 'sync_conflict', actor: actorOf(comment), reason })
    return { changed: true, outcome: reason }
  }
  await insertRevision(tx, { ...revision, body: message.body })
  await rewriteMessage(tx, { organizationId, id: message.id, now }, body)
  await retell(tx, { organizationId, messageId: message.id, subject: subjectOf(message.author_name, body) })
  await tell(deps, tx, defect, { kind: 'message_edited', actor: actorOf(comment), after: { message_id: message.id } })
  return { changed: true, outcome: 'The message was edited in Bitbucket; the former text stays in its history.' }
}

async function recordDeletion(deps: WriteDeps, tx: Db, { defect, link, message }: Known): Promise<CommentOutcome> {
  const organizationId = defect.organization_id
  const now = deps.clock()
  if (link.state === 'removed') return same('The comment is known to be gone.')
  await updateMessageLink(tx, { organizationId, id: link.id, now }, { state: 'removed' })
  if (message.deleted_at !== null) return same('The message was deleted here already.')
  const revision = { organizationId, messageId: message.id, version: message.version, body: message.body, now }
  await insertRevision(tx, revision)
  await entombMessage(tx, { organizationId, id: message.id, now })
  await silenceMessage(tx, { organizationId, messageId: message.id, now })
  await retell(tx, { organizationId, messageId: message.id, subject: `${message.author_name} deleted a message.` })
  const actor = { kind: 'remote' as const, accountUuid: null, name: 'Bitbucket' }
  await tell(deps, tx, defect, { kind: 'message_deleted', actor, after: { message_id: message.id } })
  return { changed: true, outcome: 'The comment was deleted in Bitbucket; a tombstone stays here.' }
}

async function findParentMessage(tx: Db, defect: DefectRow, parentId: string | null): Promise<string | null> {
  if (parentId === null) return null
  const key = { organizationId: defect.organization_id, defectId: defect.id, remoteCommentId: parentId }
  // An answer to the item itself has no message above it.
  return (await findLinkByComment(tx, key))?.message_id ?? null
}

async function tell(
  deps: WriteDeps,
  tx: Db,
  defect: DefectRow,
  entry: Omit<TimelineEntry, 'vulnerabilityId' | 'defectId'>,
): Promise<void> {
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const entries = [{ ...entry, vulnerabilityId, defectId: defect.id }]
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries })
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: vulnerabilityId }])
}

function actorOf(comment: TrackerComment): Actor {
  return { kind: 'remote', accountUuid: comment.author.uuid, name: comment.author.name }
}

async function retell(tx: Db, key: { organizationId: string; messageId: string; subject: string }): Promise<void> {
  await retellMessage(tx, key)
  await announce(tx, key.organizationId, [{ kind: 'notification' }])
}

function subjectOf(name: string, body: string): string {
  return `${name}: ${firstLine(body)}`
}

function firstLine(body: string): string {
  return cutText(body.split('\n').find((text) => text.trim() !== '') ?? '', 140)
}
