import type { Actor } from '../../../domain/actor.ts'
import { remoteFileName } from '../../../domain/attachment-name.ts'
import { cleanFileName } from '../../../domain/evidence-type.ts'
import { cutText } from '../../../lib/cut-text.ts'
import type { Db } from '../../../store/db.ts'
import {
  type AttachmentLinkRow,
  listAttachmentLinksOfDefect,
  markAttachmentRemoved,
  saveAttachmentLink,
} from '../../../store/sync/attachment-links.ts'
import { entombAttachment, insertAttachment, listUnsaidAttachments } from '../../../store/sync/attachments.ts'
import type { DefectRow } from '../../../store/sync/defects.ts'
import { togetherMs } from '../../../store/sync/gather-attachments.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { insertMessageLink } from '../../../store/sync/message-links.ts'
import { findMessageNaming, insertMessage } from '../../../store/sync/messages.ts'
import { notifyMembers } from '../../../store/sync/notifications.ts'
import { recordTimeline } from '../../../store/sync/timeline.ts'
import type { TrackerFile } from '../../../trackers/tracker.ts'
import { meetSpeaker } from '../read-comment.ts'
import { remoteTitle } from '../remote-title.ts'
import type { WriteDeps } from '../sync-deps.ts'

type Seen = { defect: DefectRow; files: readonly TrackerFile[] }
/** `askedAt`: when the remote was asked, where that was before the lock was taken. */
type Listed = Seen & { askedAt?: Date | undefined }

/**
 * Brings what we know of an item's files up to what is there now: new ones become attachments, of the comment that shows
 * them or of a message of their own; of those that are gone, it is said. Answers what changed, in words for the log;
 * undefined when nothing did. Running it again changes nothing. Needs the defect's lock.
 */
export async function receiveFiles(deps: WriteDeps, tx: Db, seen: Listed): Promise<string | undefined> {
  const { defect, files, askedAt } = seen
  const organizationId = defect.organization_id
  const links = await listAttachmentLinksOfDefect(tx, { organizationId, defectId: defect.id })
  // Of what came or went since the remote was asked, what it answered says nothing.
  const isNewer = (link: AttachmentLinkRow): boolean => askedAt !== undefined && link.updated_at >= askedAt
  const known = new Set(links.filter((link) => link.state === 'sent' || isNewer(link)).map((link) => link.remote_id))
  const present = new Set(files.map(({ id }) => id))
  const fresh = await dropOwn(deps, tx, { defect, files: files.filter(({ id }) => !known.has(id)) })
  const gone = links.filter(
    (link) => link.state === 'sent' && link.remote_id !== null && !present.has(link.remote_id) && !isNewer(link),
  )
  for (const link of gone) await recordRemoval(deps, tx, { defect, link })
  for (const group of groupFiles(fresh)) await recordGroup(deps, tx, { defect, files: group })
  if (fresh.length === 0 && gone.length === 0) return undefined
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: defect.vulnerability_id }])
  return describe(defect, { fresh: fresh.length, gone: gone.length })
}

function describe(defect: DefectRow, { fresh, gone }: { fresh: number; gone: number }): string {
  const came = fresh === 0 ? [] : [`${fresh === 1 ? 'A file was' : `${fresh} files were`} taken in.`]
  const went =
    gone === 0 ? [] : [`${gone === 1 ? 'A file was' : `${gone} files were`} removed in ${remoteTitle(defect)}.`]
  return [...came, ...went].join(' ')
}

/** Ours, sent by an attempt that could not say so: known by the signs of its id in the name. The link is made now. */
async function dropOwn(deps: WriteDeps, tx: Db, { defect, files }: Seen): Promise<TrackerFile[]> {
  if (files.length === 0) return []
  const key = { organizationId: defect.organization_id, defectId: defect.id, vulnerabilityId: defect.vulnerability_id }
  const unsaid = await listUnsaidAttachments(tx, key)
  const byName = new Map(unsaid.map((row) => [remoteFileName(row), row]))
  const fresh: TrackerFile[] = []
  for (const file of files) {
    const own = byName.get(file.name)
    if (own === undefined) fresh.push(file)
    else await link(deps, tx, { defect, file, attachmentId: own.id, direction: 'out' })
  }
  return fresh
}

function groupFiles(files: readonly TrackerFile[]): TrackerFile[][] {
  const groups: TrackerFile[][] = []
  const inTime = files.toSorted((one, other) => timeOf(one) - timeOf(other))
  for (const file of inTime) {
    const last = groups.at(-1)
    const [first] = last ?? []
    const isTogether =
      first !== undefined && first.author?.uuid === file.author?.uuid && timeOf(file) - timeOf(first) <= togetherMs
    if (last !== undefined && isTogether) last.push(file)
    else groups.push([file])
  }
  return groups
}

function timeOf({ createdAt }: TrackerFile): number {
  return createdAt?.getTime() ?? 0
}

async function recordGroup(deps: WriteDeps, tx: Db, { defect, files }: Seen): Promise<void> {
  const alone: TrackerFile[] = []
  for (const file of files) {
    const message = await findShowing(tx, defect, file)
    if (message === undefined) alone.push(file)
    else await attach(deps, tx, { defect, file, messageId: message.id })
  }
  const [first] = alone
  if (first === undefined) return
  const messageId = await writeMessage(deps, tx, { defect, files: alone, first })
  for (const file of alone) await attach(deps, tx, { defect, file, messageId })
}

/** The comment a file was put into: of the same author, written about then, with the file's name in its text. */
async function findShowing(tx: Db, defect: DefectRow, file: TrackerFile): Promise<{ id: string } | undefined> {
  const { author, createdAt } = file
  if (author === null || author.uuid === null || createdAt === null) return undefined
  return findMessageNaming(tx, {
    organizationId: defect.organization_id,
    defectId: defect.id,
    authorUuid: author.uuid,
    name: file.name,
    from: new Date(createdAt.getTime() - togetherMs),
    until: new Date(createdAt.getTime() + togetherMs),
  })
}

type Alone = Seen & { first: TrackerFile }

async function writeMessage(deps: WriteDeps, tx: Db, { defect, files, first }: Alone): Promise<string> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const now = deps.clock()
  const messageId = deps.newId()
  // Bitbucket does not say who added a file, nor when.
  const account = first.author ?? { uuid: null, name: `Somebody in ${remoteTitle(defect)}` }
  const { uuid, name } = account
  const speaker = await meetSpeaker(deps, tx, { defect, account })
  await insertMessage(tx, {
    organizationId,
    id: messageId,
    vulnerabilityId,
    parentId: null,
    author: { kind: 'remote', remoteUuid: uuid, contributorId: speaker.contributorId, name },
    body: '',
    internal: false,
    createdAt: first.createdAt ?? now,
  })
  await insertMessageLink(tx, {
    organizationId,
    id: deps.newId(),
    messageId,
    defectId: defect.id,
    remoteCommentId: null,
    direction: 'in',
    bodyHash: null,
    remoteUpdatedAt: null,
    state: 'sent',
    now,
  })
  const actor: Actor = { kind: 'remote', accountUuid: uuid, name }
  const entry = { vulnerabilityId, kind: 'message_received' as const, actor, after: { message_id: messageId } }
  await recordTimeline(deps, tx, { organizationId, now, entries: [{ ...entry, defectId: defect.id }] })
  // What a program adds is there to be seen, and calls nobody.
  if (speaker.isBot) return messageId
  const subject = cutText(`${speaker.name}: ${files.map((file) => cleanFileName(file.name)).join(', ')}`, 200)
  const called = { organizationId, vulnerabilityId, kind: 'message' as const, messageId, subject }
  await notifyMembers(deps, tx, { ...called, now, exceptMemberId: speaker.memberId })
  await announce(tx, organizationId, [{ kind: 'notification' }])
  return messageId
}

type Attaching = { defect: DefectRow; file: TrackerFile; messageId: string }

async function attach(deps: WriteDeps, tx: Db, { defect, file, messageId }: Attaching): Promise<void> {
  const attachmentId = deps.newId()
  await insertAttachment(tx, {
    organizationId: defect.organization_id,
    id: attachmentId,
    vulnerabilityId: defect.vulnerability_id,
    messageId,
    evidenceFileId: null,
    name: cleanFileName(file.name) || 'file',
    mediaType: (file.mediaType ?? typeByEnding(file.name)).slice(0, 200),
    bytes: file.bytes,
    addedBy: null,
    createdAt: file.createdAt ?? deps.clock(),
  })
  await link(deps, tx, { defect, file, attachmentId, direction: 'in' })
}

/** For the choice whether a picture is offered; what is opened is judged by its content. */
function typeByEnding(name: string): string {
  const ending = /\.(png|jpe?g|gif|webp)$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === undefined) return 'application/octet-stream'
  return `image/${ending === 'jpg' ? 'jpeg' : ending}`
}

type Linking = { defect: DefectRow; file: TrackerFile; attachmentId: string; direction: AttachmentLinkRow['direction'] }

async function link(deps: WriteDeps, tx: Db, { defect, file, attachmentId, direction }: Linking): Promise<void> {
  await saveAttachmentLink(tx, {
    organizationId: defect.organization_id,
    id: deps.newId(),
    attachmentId,
    defectId: defect.id,
    direction,
    remoteId: file.id,
    url: file.url,
    state: 'sent',
    reason: null,
    now: deps.clock(),
  })
}

/** Gone there: one of theirs is gone for us as well; one of ours stays here. */
async function recordRemoval(
  deps: WriteDeps,
  tx: Db,
  { defect, link: { id, attachment_id: attachmentId, direction } }: { defect: DefectRow; link: AttachmentLinkRow },
): Promise<void> {
  const key = { organizationId: defect.organization_id, now: deps.clock() }
  await markAttachmentRemoved(tx, { ...key, id })
  if (direction === 'out') return
  await entombAttachment(tx, { ...key, id: attachmentId, byName: `Somebody in ${remoteTitle(defect)}` })
}
