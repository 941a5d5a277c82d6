import { remoteFileName } from '../../../domain/attachment-name.ts'
import type { SentFile } from '../../../domain/message-text.ts'
import { type AppError, isAppError } from '../../../lib/app-error.ts'
import type { FileContent } from '../../../lib/multipart.ts'
import {
  type AttachmentLinkRow,
  listAttachmentLinks,
  saveAttachmentLink,
} from '../../../store/sync/attachment-links.ts'
import { type AttachmentRow, listAttachmentsOfMessages } from '../../../store/sync/attachments.ts'
import type { DefectRow } from '../../../store/sync/defects.ts'
import { getTracker } from '../../../trackers/registry.ts'
import type { Fetched, ItemFiles, OpenTracker, TrackerFile } from '../../../trackers/tracker.ts'
import { readKeptFile } from '../../security/vulnerabilities/kept-file.ts'
import { itemRef } from '../open-tracker.ts'
import type { SyncDeps } from '../sync-deps.ts'

type Sending = {
  defect: DefectRow
  messageId: string
  open: OpenTracker
  /** An earlier attempt may have sent some of them, and died before it could say so. */
  isAgain: boolean
  lost: AbortSignal
}

/**
 * Brings the files of a message to an item, before its comment, which names them: look, send, write down, one after the
 * other. What the tracker does not take is linked to Weir instead. `deleted`: the item is gone.
 */
export async function sendAttachments(deps: SyncDeps, sending: Sending): Promise<Fetched<SentFile[]>> {
  const { defect, open, isAgain, lost } = sending
  const { rows, byAttachment } = await readFiles(deps, sending)
  const unsent = rows.filter((row) => row.removed_at === null && !byAttachment.has(row.id))
  if (unsent.length === 0) return { kind: 'found', value: listSent(deps, defect, { rows, byAttachment }) }
  const { files } = open
  const there = files === null || !isAgain ? undefined : await files.list(itemRef(defect))
  if (there?.kind === 'deleted') return there
  for (const row of unsent) {
    if (files === null) {
      const reason = `${getTracker(defect.tracker).title} take no files.`
      await save(deps, defect, { row, state: 'linked', reason })
      continue
    }
    const name = remoteFileName(row)
    const begun = there?.value.find((file) => file.name === name && (file.bytes ?? row.bytes) === row.bytes)
    lost.throwIfAborted()
    const sent = begun === undefined ? await send(deps, { defect, row, open, files }) : found(begun)
    if (sent.kind === 'deleted') return sent
    await save(deps, defect, { row, ...sent.value })
  }
  return { kind: 'found', value: listSent(deps, defect, await readFiles(deps, sending)) }
}

type Standing = { state: 'sent'; file: TrackerFile } | { state: 'linked'; reason: string }

function found(file: TrackerFile): Fetched<Standing> {
  return { kind: 'found', value: { state: 'sent', file } }
}

type One = { defect: DefectRow; row: AttachmentRow; open: OpenTracker; files: ItemFiles }

async function send(deps: SyncDeps, { defect, row, open, files }: One): Promise<Fetched<Standing>> {
  const item = itemRef(defect)
  try {
    const made = await files.upload({ item, file: toContent(deps, row) })
    return made.kind === 'deleted' ? made : found(made.value)
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Is it the file that is refused, or everything? A comment that could be written must not wait for its file.
    const seen = await open.fetchItem(item)
    if (seen.kind === 'deleted') return seen
    return { kind: 'found', value: { state: 'linked', reason: error.detail } }
  }
}

function isRefusal(error: unknown): error is AppError {
  return isAppError(error, 'remote_refused') || isAppError(error, 'remote_forbidden')
}

function toContent(deps: SyncDeps, row: AttachmentRow): FileContent {
  const key = { organizationId: row.organization_id, id: row.evidence_file_id ?? '' }
  return {
    name: remoteFileName(row),
    mediaType: row.media_type,
    bytes: row.bytes ?? 0,
    open: () => readKeptFile(deps, key),
  }
}

async function save(deps: SyncDeps, defect: DefectRow, standing: { row: AttachmentRow } & Standing): Promise<void> {
  const isSent = standing.state === 'sent'
  await saveAttachmentLink(deps.db, {
    organizationId: defect.organization_id,
    id: deps.newId(),
    attachmentId: standing.row.id,
    defectId: defect.id,
    direction: 'out',
    remoteId: isSent ? standing.file.id : null,
    url: isSent ? standing.file.url : null,
    state: standing.state,
    reason: isSent ? null : standing.reason,
    now: deps.clock(),
  })
}

type Files = { rows: readonly AttachmentRow[]; byAttachment: ReadonlyMap<string, AttachmentLinkRow> }

async function readFiles(
  deps: Pick<SyncDeps, 'db'>,
  { defect, messageId }: Pick<Sending, 'defect' | 'messageId'>,
): Promise<Files> {
  const organizationId = defect.organization_id
  const rows = await listAttachmentsOfMessages(deps.db, { organizationId, messageIds: [messageId] })
  const links = await listAttachmentLinks(deps.db, { organizationId, attachmentIds: rows.map(({ id }) => id) })
  const ofDefect = links.filter((link) => link.defect_id === defect.id)
  return { rows, byAttachment: new Map(ofDefect.map((link) => [link.attachment_id, link])) }
}

/** What the comment says of its files, as far as they were brought to the item. */
export async function listSentFiles(
  deps: Pick<SyncDeps, 'db' | 'publicUrl'>,
  input: Pick<Sending, 'defect' | 'messageId'>,
): Promise<SentFile[]> {
  return listSent(deps, input.defect, await readFiles(deps, input))
}

function listSent(deps: Pick<SyncDeps, 'publicUrl'>, defect: DefectRow, { rows, byAttachment }: Files): SentFile[] {
  const thread = `${deps.publicUrl}/vulnerabilities/${defect.vulnerability_id}?tab=champions`
  return rows.flatMap((row) => {
    const link = byAttachment.get(row.id)
    if (link === undefined || link.state === 'removed' || row.removed_at !== null) return []
    return [{ name: row.name, url: link.url ?? thread, isInWeir: link.state === 'linked' }]
  })
}

/** Takes the files of a message away from an item, also those that an attempt sent and could not write down. */
export async function removeSentFiles(
  deps: SyncDeps,
  { defect, messageId, open, isAgain }: Omit<Sending, 'lost'>,
): Promise<void> {
  const { files } = open
  if (files === null) return
  const { rows, byAttachment } = await readFiles(deps, { defect, messageId })
  const item = itemRef(defect)
  const unsaid = rows.filter((row) => row.evidence_file_id !== null && !byAttachment.has(row.id))
  const there = unsaid.length === 0 || !isAgain ? undefined : await files.list(item)
  const names = new Set(unsaid.map((row) => remoteFileName(row)))
  if (there?.kind === 'found')
    for (const file of there.value) if (names.has(file.name)) await files.remove({ item, fileId: file.id })
  for (const link of byAttachment.values()) {
    if (link.direction === 'in' || link.state !== 'sent' || link.remote_id === null) continue
    await files.remove({ item, fileId: link.remote_id })
    await saveAttachmentLink(deps.db, {
      organizationId: defect.organization_id,
      id: link.id,
      attachmentId: link.attachment_id,
      defectId: defect.id,
      direction: 'out',
      remoteId: link.remote_id,
      url: link.url,
      state: 'removed',
      reason: null,
      now: deps.clock(),
    })
  }
}
