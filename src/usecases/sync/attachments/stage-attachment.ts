import type { Attachment } from '../../../../contract/sync/attachments.ts'
import {
  type AttachmentLimits,
  type AttachmentType,
  attachmentTypeOf,
  typedHeadBytes,
} from '../../../domain/attachment-type.ts'
import { cleanFileName } from '../../../domain/evidence-type.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { SpooledReport } from '../../../scanners/spool-report.ts'
import type { Db } from '../../../store/db.ts'
import { lockVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { countStaged, deleteStaged, findAttachment, insertAttachment } from '../../../store/sync/attachments.ts'
import { listLiveDefects } from '../../../store/sync/defects.ts'
import { findStatus } from '../../../store/sync/sendable.ts'
import { findTracker } from '../../../trackers/registry.ts'
import { keepFile, readHead, requireRoom, takeRoom, withSpooled } from '../../security/vulnerabilities/kept-file.ts'
import { toAttachmentView } from './attachment-views.ts'

/** `roomInAll`: what all files of the organization may take, those of evidence included. */
export type AttachmentDeps = {
  db: Db
  clock: Clock
  newId: NewId
  secretBox: SecretBox
  tempFolder: string
  attachmentLimits: AttachmentLimits
  roomInAll: number
}
type Member = { memberId: string; name: string }

/** Files a member may have chosen and not sent, as many as this many messages hold: a page that was closed forgets its own. */
const stagedMessages = 3

/** What may be attached in a thread, and which of its trackers take no files. Throws `not_found`. */
export async function getAttachmentRules(
  { db, attachmentLimits }: Pick<AttachmentDeps, 'db' | 'attachmentLimits'>,
  input: { organizationId: string; vulnerabilityId: string },
): Promise<{ files: number; bytes_each: number; bytes_together: number; types: string[]; linked_in: string[] }> {
  const { organizationId, vulnerabilityId } = input
  if ((await findStatus(db, input)) === undefined) throw unknownVulnerability()
  const defects = await listLiveDefects(db, { organizationId, vulnerabilityIds: [vulnerabilityId] })
  const titles = defects.flatMap(({ tracker }) => {
    const found = findTracker(tracker)
    return found === undefined || found.capabilities.files ? [] : [found.title]
  })
  const { files, bytesEach, bytesTogether, types } = attachmentLimits
  const linked = [...new Set(titles)]
  return { files, bytes_each: bytesEach, bytes_together: bytesTogether, types: [...types], linked_in: linked }
}

export type StageInput = {
  organizationId: string
  vulnerabilityId: string
  member: Member
  name: string
  body: AsyncIterable<Uint8Array>
}

/**
 * Keeps a file, sealed, for a message that is being written. Throws `not_found`, `unsupported_media_type` for a content
 * that is not accepted, `payload_too_large`, `validation_failed` for an empty one, `conflict` when there is no room or
 * too many wait to be sent.
 */
export async function stageAttachment(deps: AttachmentDeps, input: StageInput): Promise<Attachment> {
  const { organizationId, vulnerabilityId } = input
  const name = cleanFileName(input.name) || 'file'
  if ((await findStatus(deps.db, { organizationId, vulnerabilityId })) === undefined) throw unknownVulnerability()
  const { bytesEach, types } = deps.attachmentLimits
  const tooLarge = `"${name}" is larger than ${bytesEach / 1024 / 1024} MB, which is what an attachment may have. Make it smaller, or keep it elsewhere and write its address.`
  return withSpooled(deps, { body: input.body, name, maxBytes: bytesEach, tooLarge }, async (spooled) => {
    const type = attachmentTypeOf(await readHead(spooled, typedHeadBytes))
    if (!types.includes(type)) throw refuse(name, type, types)
    await requireRoom(deps.db, { organizationId, name, bytes: spooled.bytes, bytesAtMost: deps.roomInAll })
    const id = deps.newId()
    await deps.db.transaction().execute((tx) => keep(deps, tx, { ...input, id, name, type, spooled }))
    const row = await findAttachment(deps.db, { organizationId, id })
    if (row === undefined) throw missing()
    return toAttachmentView(row, [])
  })
}

function refuse(name: string, type: AttachmentType, types: readonly AttachmentType[]): AppError {
  const what = type === 'application/octet-stream' ? 'nothing Weir knows' : type
  return new AppError(
    'unsupported_media_type',
    `"${name}" cannot be attached: by its content it is ${what}. Accepted: ${types.join(', ')}. A ZIP file can hold others.`,
  )
}

type Kept = StageInput & { id: string; type: AttachmentType; spooled: SpooledReport }

async function keep(deps: AttachmentDeps, tx: Db, input: Kept): Promise<void> {
  const { organizationId, vulnerabilityId, id, name, member, spooled } = input
  const now = deps.clock()
  // Locked, so that two that come together are counted one after the other.
  const found = await lockVulnerabilities(tx, organizationId, [vulnerabilityId])
  if (found.size === 0) throw unknownVulnerability()
  const most = deps.attachmentLimits.files * stagedMessages
  if ((await countStaged(tx, { organizationId, vulnerabilityId, memberId: member.memberId })) >= most)
    throw new AppError('conflict', `${most} files wait to be sent in this thread. Send or remove some first.`)
  const fileId = deps.newId()
  const kept = { organizationId, id: fileId, vulnerabilityId, name, mediaType: input.type, addedBy: member, now }
  await keepFile(deps, tx, { ...kept, purpose: 'attachment', spooled })
  await insertAttachment(tx, {
    organizationId,
    id,
    vulnerabilityId,
    messageId: null,
    evidenceFileId: fileId,
    name,
    mediaType: input.type,
    bytes: spooled.bytes,
    addedBy: member.memberId,
    createdAt: now,
  })
  await takeRoom(tx, { organizationId, name, bytes: spooled.bytes, bytesAtMost: deps.roomInAll })
}

/** Takes an own file away before it is sent. Throws `not_found`, `forbidden` for somebody else's, `conflict` for a sent one. */
export async function removeStagedAttachment(
  { db }: { db: Db },
  input: { organizationId: string; id: string; memberId: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await findAttachment(tx, { ...input, lock: true })
    if (row === undefined) throw missing()
    if (row.added_by !== input.memberId) throw new AppError('forbidden', 'Only who chose this file can remove it.')
    if (row.message_id !== null)
      throw new AppError('conflict', 'This file was sent with a message; it goes when the message is deleted.')
    await deleteStaged(tx, input)
  })
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such attachment here.')
}

function unknownVulnerability(): AppError {
  return new AppError('not_found', 'There is no such vulnerability here.')
}
