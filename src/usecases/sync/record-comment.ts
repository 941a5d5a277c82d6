import type { Actor } from '../../domain/actor.ts'
import type { LiveEvent } from '../../domain/live-event.ts'
import { hashMessage, parseMarker } from '../../domain/message-text.ts'
import { cutText } from '../../lib/cut-text.ts'
import { closeContributor } from '../../store/access/contributors.ts'
import type { Db } from '../../store/db.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import {
  findLinkByMessage,
  insertMessageLink,
  listLinksByComments,
  type MessageLinkRow,
  updateMessageLink,
} from '../../store/sync/message-links.ts'
import { insertMentions, listMentions, replaceMentions } from '../../store/sync/message-mentions.ts'
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
import { type Fetched, formerUser, type TrackerComment } from '../../trackers/tracker.ts'
import { callMentioned } from './call-mentioned.ts'
import { obeyCommand } from './obey-command.ts'
import { meetSpeaker, readComment, type Speaker } from './read-comment.ts'
import { remoteTitle } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

/** What a remote comment turned out to mean here, in words for the log of deliveries. */
export type CommentOutcome = { changed: boolean; outcome: string }

export type SeenComment = {
  defect: DefectRow
  commentId: string
  comment: Fetched<TrackerComment>
  /** This installation, as markers name it. */
  instance: string
  /** It was said before the item was linked: it calls nobody and is no command. */
  isPast?: boolean
}

/** Brings our copy of one remote comment up to what it is now. Running it again changes nothing. Needs the defect's lock. */
export async function recordComment(deps: WriteDeps, tx: Db, seen: SeenComment): Promise<CommentOutcome> {
  const { defect, commentId, comment } = seen
  const organizationId = defect.organization_id
  const parentId = comment.kind === 'found' ? comment.value.parentId : null
  const remoteCommentIds = [commentId, ...(parentId === null ? [] : [parentId])]
  const links = await listLinksByComments(tx, { organizationId, defectId: defect.id, remoteCommentIds })
  const link = links.get(commentId)
  if (link === undefined) {
    if (comment.kind === 'deleted') return same('The comment was deleted before Weir read it.')
    // An answer to the item itself has no message above it.
    const parentMessageId = links.get(parentId ?? '')?.message_id ?? null
    return recordNew(deps, tx, { seen, comment: comment.value, parentMessageId })
  }
  const message = await findMessage(tx, { organizationId, id: link.message_id, lock: true })
  if (message === undefined) return same('The message of this comment is not known any more.')
  if (comment.kind === 'deleted') return recordDeletion(deps, tx, { defect, link, message })
  return recordText(deps, tx, { seen, defect, link, message, comment: comment.value })
}

function same(outcome: string): CommentOutcome {
  return { changed: false, outcome }
}

type Known = { defect: DefectRow; link: MessageLinkRow; message: MessageRow }

async function recordNew(
  deps: WriteDeps,
  tx: Db,
  { seen, comment, parentMessageId }: { seen: SeenComment; comment: TrackerComment; parentMessageId: string | null },
): Promise<CommentOutcome> {
  const { defect } = seen
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const now = deps.clock()
  const marker = parseMarker(comment.body)
  if (marker?.instance === seen.instance && (await isOwn(tx, { defect, comment, markedId: marker.id })))
    return adoptOwn(deps, tx, { seen, comment, markedId: marker.id })
  const { body, mentions } = await readComment(tx, defect, comment)
  if (body === '') return same('The comment has no text (it goes with a change of state).')
  const speaker = await meetSpeaker(deps, tx, { defect, account: comment.author })
  const messageId = await writeMessage(deps, tx, { defect, comment, speaker, body, parentMessageId, now })
  await insertMentions(tx, { organizationId, messageId }, mentions)
  if (seen.isPast === true) return takenBefore(tx, defect, speaker)
  const actor = actorOf(comment, speaker)
  const entry = { kind: 'message_received' as const, actor, after: { message_id: messageId } }
  await tell(deps, tx, defect, entry, [{ kind: 'notification' }])
  const told = { organizationId, vulnerabilityId, messageId, subject: subjectOf(speaker.name, body) }
  const calledOtherwise =
    mentions.length === 0 ? [] : await callMentioned(deps, tx, { ...told, except: [speaker.memberId] })
  const message = { id: messageId, command: null }
  const obeyed = speaker.isBot ? undefined : await obeyCommand(deps, tx, { ...seen, comment, message })
  // What a program writes is there to be read; it is nobody's answer, and calls nobody.
  if (!speaker.isBot && (obeyed === undefined || obeyed.saysMore)) {
    const called = { ...told, kind: 'message' as const, exceptMemberId: speaker.memberId, calledOtherwise }
    await notifyMembers(deps, tx, { ...called, now })
  }
  const outcome = `A message of ${speaker.name} was taken in.`
  return { changed: true, outcome: obeyed === undefined ? outcome : `${outcome} ${obeyed.outcome}` }
}

type Said = { defect: DefectRow; comment: TrackerComment; speaker: Speaker }
type NewMessage = Said & { body: string; parentMessageId: string | null; now: Date }

/** The message with its link to the comment. Answers its id. */
async function writeMessage(deps: WriteDeps, tx: Db, message: NewMessage): Promise<string> {
  const { defect, comment, speaker, body, parentMessageId, now } = message
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const messageId = deps.newId()
  await insertMessage(tx, {
    organizationId,
    id: messageId,
    vulnerabilityId,
    parentId: parentMessageId,
    author: {
      kind: 'remote',
      remoteUuid: comment.author.uuid,
      contributorId: speaker.contributorId,
      name: speaker.accountName,
    },
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
  return messageId
}

async function takenBefore(tx: Db, defect: DefectRow, { name }: Speaker): Promise<CommentOutcome> {
  const live = { kind: 'message' as const, vulnerability_id: defect.vulnerability_id }
  await announce(tx, defect.organization_id, [live])
  return { changed: true, outcome: `A message ${name} wrote before was taken in.` }
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
  return same('Nothing new: our own comment came back.')
}

async function recordText(
  deps: WriteDeps,
  tx: Db,
  { seen, defect, link, message, comment }: Known & { seen: SeenComment; comment: TrackerComment },
): Promise<CommentOutcome> {
  const organizationId = defect.organization_id
  const now = deps.clock()
  const hash = hashMessage(comment.body)
  const speaker = link.direction === 'in' ? await meetAgain(deps, tx, { defect, message, comment }) : undefined
  if (link.body_hash === hash) return same('Nothing new: the comment is known as it is.')
  if (link.remote_updated_at !== null && comment.updatedAt < link.remote_updated_at)
    return same('This is older than what Weir knows of the comment.')
  if (message.deleted_at !== null) return same('The message was deleted here; its comment follows.')
  const seenRemotely = { bodyHash: hash, remoteUpdatedAt: comment.updatedAt }
  await updateMessageLink(tx, { organizationId, id: link.id, now }, seenRemotely)
  const { body, mentions } = await readComment(tx, defect, comment)
  if (body === message.body) return same('Nothing new: the comment is written otherwise and says the same.')
  const revision = { organizationId, messageId: message.id, version: message.version, now }
  if (await hasOpenEdit(tx, { organizationId, defectId: defect.id, messageId: message.id })) {
    // Edited on both sides. Its author wrote it here, so what is here stays and goes out; the other text is kept.
    await insertRevision(tx, { ...revision, body })
    await bumpMessage(tx, { organizationId, id: message.id })
    const reason = `The message was edited here and in ${remoteTitle(defect)} at once; the text written here stands.`
    await tell(deps, tx, defect, { kind: 'sync_conflict', actor: actorOf(comment), reason })
    return { changed: true, outcome: reason }
  }
  await insertRevision(tx, { ...revision, body: message.body })
  await rewriteMessage(tx, { organizationId, id: message.id, now }, body)
  const subject = subjectOf(speaker?.name ?? message.author_name, body)
  const { vulnerability_id: vulnerabilityId } = defect
  const called = await listMentions(tx, { organizationId, messageIds: [message.id] })
  const except = [speaker?.memberId ?? null, ...called.map((one) => one.called_member_id)]
  await replaceMentions(tx, { organizationId, messageId: message.id }, mentions)
  await callMentioned(deps, tx, { organizationId, vulnerabilityId, messageId: message.id, subject, except })
  await retell(tx, { organizationId, messageId: message.id, subject })
  await tell(deps, tx, defect, {
    kind: 'message_edited',
    actor: actorOf(comment, speaker),
    after: { message_id: message.id },
  })
  const outcome = `The message was edited in ${remoteTitle(defect)}; the former text stays in its history.`
  // What was written here and edited there is still what somebody here said.
  const isSaid = speaker !== undefined && !speaker.isBot
  const obeyed = isSaid ? await obeyCommand(deps, tx, { ...seen, comment, message }) : undefined
  return { changed: true, outcome: obeyed === undefined ? outcome : `${outcome} ${obeyed.outcome}` }
}

/** Whoever wrote it may be called otherwise by now, or be nobody any more. */
async function meetAgain(
  deps: WriteDeps,
  tx: Db,
  { defect, message, comment }: { defect: DefectRow; message: MessageRow; comment: TrackerComment },
): Promise<Speaker> {
  const { organization_id: organizationId, contributor_id: id } = message
  if (comment.author.uuid === null && id !== null)
    await closeContributor(tx, { organizationId, id, name: formerUser, now: deps.clock() })
  return meetSpeaker(deps, tx, { defect, account: comment.author })
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
  const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
  await tell(deps, tx, defect, { kind: 'message_deleted', actor, after: { message_id: message.id } })
  return { changed: true, outcome: `The comment was deleted in ${remoteTitle(defect)}; a tombstone stays here.` }
}

async function tell(
  deps: WriteDeps,
  tx: Db,
  defect: DefectRow,
  entry: Omit<TimelineEntry, 'vulnerabilityId' | 'defectId'>,
  also: readonly LiveEvent[] = [],
): Promise<void> {
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const entries = [{ ...entry, vulnerabilityId, defectId: defect.id }]
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries })
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: vulnerabilityId }, ...also])
}

function actorOf({ author }: TrackerComment, speaker?: Speaker): Actor {
  return { kind: 'remote', accountUuid: author.uuid, name: speaker?.accountName ?? author.name }
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
