import { spellMentions } from '../../domain/mentions.ts'
import { composeMessage, hashMessage, type Marker, type SentFile } from '../../domain/message-text.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import {
  findLinkByMessage,
  type MessageLinkChange,
  type MessageLinkRow,
  updateMessageLink,
} from '../../store/sync/message-links.ts'
import { listMentionAccounts } from '../../store/sync/message-mentions.ts'
import { findMessage, type MessageRow } from '../../store/sync/messages.ts'
import type { Fetched, TrackerComment } from '../../trackers/tracker.ts'
import { listSentFiles, removeSentFiles, sendAttachments } from './attachments/send-attachments.ts'
import { readInstance } from './instance.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import { remoteKindOf, remoteTitle } from './remote-title.ts'
import type { SyncDeps } from './sync-deps.ts'

type Comment = Performing & { kind: 'create_comment' | 'update_comment' | 'delete_comment' }
type Said = Performing & { message: MessageRow; link: MessageLinkRow }

/** Writes, changes or deletes the remote comment of one message. */
export async function pushComment(deps: SyncDeps, { operation, defect, lost, kind }: Comment): Promise<void> {
  const organizationId = defect.organization_id
  const messageId = operation.message_id ?? ''
  const message = await findMessage(deps.db, { organizationId, id: messageId })
  const link = await findLinkByMessage(deps.db, { organizationId, defectId: defect.id, messageId })
  if (message === undefined || link === undefined)
    return conclude(deps, { operation, note: 'The message is not known any more.' })
  const said = { operation, defect, lost, message, link }
  if (defect.ended_at !== null || defect.link === 'missing') return concludeGone(deps, said)
  switch (kind) {
    case 'create_comment':
      return createComment(deps, said)
    case 'update_comment':
      return updateComment(deps, said)
    case 'delete_comment':
      return deleteComment(deps, said)
    default:
      return kind satisfies never
  }
}

async function createComment(deps: SyncDeps, said: Said): Promise<void> {
  const { operation, defect, message, link } = said
  if (link.remote_comment_id !== null)
    return conclude(deps, { operation, note: 'It was written by an earlier attempt.', state: 'done' })
  if (message.deleted_at !== null && operation.attempts === 1) return concludeUnsent(deps, said)
  const { open } = await openTracker(deps, { place: defect, lane: operation.lane, action: 'create_comment' })
  const item = itemRef(defect)
  const marker = await markerOf(deps, message)
  // An earlier attempt may have written it and died, or timed out, before it could say so.
  const begun = operation.attempts > 1 ? await open.findComment({ item, marker }) : undefined
  const going = { defect, messageId: message.id, open, isAgain: operation.attempts > 1 }
  if (message.deleted_at !== null) {
    if (begun !== undefined) await open.deleteComment({ item, commentId: begun.id })
    await removeSentFiles(deps, going)
    return concludeUnsent(deps, said)
  }
  const parentId = await findParent(deps, { defect, message })
  const files = await sendAttachments(deps, { ...going, lost: said.lost })
  if (files.kind === 'deleted') return concludeGone(deps, said)
  said.lost.throwIfAborted()
  const made: Fetched<TrackerComment> =
    begun === undefined
      ? await open.createComment({ item, parentId, ...(await compose(deps, said, { marker, files: files.value })) })
      : { kind: 'found', value: begun }
  if (made.kind === 'deleted') return concludeGone(deps, said)
  await conclude(deps, { ...said, change: sent(made.value) })
}

async function updateComment(deps: SyncDeps, said: Said): Promise<void> {
  const { operation, defect, message, link } = said
  const commentId = link.remote_comment_id
  if (commentId === null || message.deleted_at !== null)
    return conclude(deps, { operation, note: 'There is no comment to change.' })
  const files = await listSentFiles(deps, { defect, messageId: message.id })
  const written = await compose(deps, said, { marker: await markerOf(deps, message), files })
  if (link.body_hash === hashMessage(written.body))
    return conclude(deps, { ...said, note: 'The comment says so already.', change: { error: null } })
  const { open } = await openTracker(deps, { place: defect, lane: operation.lane, action: 'update_comment' })
  const made = await open.updateComment({ item: itemRef(defect), commentId, ...written })
  if (made.kind === 'deleted') return concludeGone(deps, said)
  await conclude(deps, { ...said, change: sent(made.value) })
}

async function deleteComment(deps: SyncDeps, said: Said): Promise<void> {
  const { operation, defect, link } = said
  const commentId = link.remote_comment_id
  if (commentId !== null && link.state !== 'removed') {
    const { open } = await openTracker(deps, { place: defect, lane: operation.lane, action: 'delete_comment' })
    await open.deleteComment({ item: itemRef(defect), commentId })
    await removeSentFiles(deps, { defect, messageId: said.message.id, open, isAgain: true })
  }
  await conclude(deps, { ...said, change: { state: 'removed', error: null } })
}

/** The text as it leaves, with the accounts it calls there. */
async function compose(
  deps: SyncDeps,
  { defect, message }: Said,
  { marker, files }: { marker: Marker; files: readonly SentFile[] },
): Promise<{ body: string; named: ReadonlyMap<string, string> }> {
  const { organization_id: organizationId, id: messageId } = message
  const called = await listMentionAccounts(deps.db, { organizationId, messageId, kind: remoteKindOf(defect) })
  const body = composeMessage({
    body: spellMentions(message.body, called),
    files,
    authorName: message.author_kind === 'system' ? null : message.author_name,
    marker,
  })
  return { body, named: new Map(called.map(({ account, displayName }) => [account, displayName])) }
}

async function markerOf(deps: SyncDeps, message: MessageRow): Promise<Marker> {
  return { instance: await readInstance(deps.db), kind: 'message', id: message.id }
}

async function findParent(
  deps: SyncDeps,
  { defect, message }: { defect: DefectRow; message: MessageRow },
): Promise<string | null> {
  if (message.parent_id === null) return null
  const key = { organizationId: defect.organization_id, defectId: defect.id, messageId: message.parent_id }
  return (await findLinkByMessage(deps.db, key))?.remote_comment_id ?? null
}

function sent(comment: TrackerComment): MessageLinkChange {
  return {
    remoteCommentId: comment.id,
    bodyHash: hashMessage(comment.body),
    remoteUpdatedAt: comment.updatedAt,
    state: 'sent',
    error: null,
  }
}

async function concludeUnsent(deps: SyncDeps, said: Said): Promise<void> {
  await conclude(deps, { ...said, note: 'The message was deleted before it was sent.', change: { state: 'removed' } })
}

async function concludeGone(deps: SyncDeps, said: Said): Promise<void> {
  const error = `${whyUnsent(said.defect)} The message stays here.`
  await conclude(deps, { ...said, note: error, change: { state: 'removed', error } })
}

function whyUnsent(defect: DefectRow): string {
  const where = remoteTitle(defect)
  if (defect.remote_id === null) return `The item was given up before it was made in ${where}.`
  if (defect.ended_at !== null) return `The item in ${where} no longer belongs to the vulnerability.`
  return `The item, or this comment, was deleted in ${where}.`
}

type Conclusion = Pick<Said, 'operation'> &
  Partial<Said> & { note?: string; change?: MessageLinkChange; state?: 'done' | 'cancelled' }

async function conclude(deps: SyncDeps, { operation, link, change, note, ...given }: Conclusion): Promise<void> {
  const now = deps.clock()
  const organizationId = operation.organization_id
  await deps.db.transaction().execute(async (tx) => {
    if (link !== undefined && change !== undefined)
      await updateMessageLink(tx, { organizationId, id: link.id, now }, change)
    const state = given.state ?? (note === undefined ? 'done' : 'cancelled')
    await endOperation(deps, tx, { operation, now, state, ...(note !== undefined && { note }) })
    await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: operation.vulnerability_id }])
  })
}
