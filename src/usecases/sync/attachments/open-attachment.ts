import { once } from 'node:events'
import { open as openFile } from 'node:fs/promises'
import { PassThrough, type Readable } from 'node:stream'
import { type AttachmentLimits, attachmentTypeOf, typedHeadBytes } from '../../../domain/attachment-type.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import { type SpooledReport, spoolReport } from '../../../scanners/spool-report.ts'
import { listAttachmentLinks } from '../../../store/sync/attachment-links.ts'
import { type AttachmentRow, findAttachment } from '../../../store/sync/attachments.ts'
import { findDefect } from '../../../store/sync/defects.ts'
import type { Fetched, OpenTracker } from '../../../trackers/tracker.ts'
import { readHead, readKeptFile } from '../../security/vulnerabilities/kept-file.ts'
import { itemRef, openTracker, type TrackerDeps } from '../open-tracker.ts'
import { remoteTitle } from '../remote-title.ts'

type Deps = TrackerDeps & {
  secretBox: SecretBox
  tempFolder: string
  attachmentLimits: Pick<AttachmentLimits, 'bytesEach'>
}
type Key = { organizationId: string; id: string }
type OpenedFile = { name: string; type: string; bytes: number; content: AsyncIterable<Uint8Array> }

/**
 * The bytes of an attachment. One that stands at a remote is fetched with the connection's credential each time it is
 * opened, and not kept: whoever may write there must not fill our storage, and what is removed there is gone. Its type is
 * read from its content. Throws `not_found`, `gone`, `payload_too_large`, and remote_* where the remote does not give it.
 */
export async function openAttachment(deps: Deps, key: Key): Promise<OpenedFile> {
  const row = await findAttachment(deps.db, key)
  if (row === undefined) throw missing()
  if (row.removed_at !== null) throw new AppError('gone', `${row.removed_by_name ?? 'Somebody'} removed this file.`)
  if (row.evidence_file_id === null) return fetchRemote(deps, row)
  const content = readKeptFile(deps, { organizationId: key.organizationId, id: row.evidence_file_id })
  return { name: row.name, type: row.media_type, bytes: row.bytes ?? 0, content }
}

async function fetchRemote(deps: Deps, row: AttachmentRow): Promise<OpenedFile> {
  const organizationId = row.organization_id
  const links = await listAttachmentLinks(deps.db, { organizationId, attachmentIds: [row.id] })
  const link = links.find((one) => one.direction === 'in' && one.state === 'sent')
  const defect = link === undefined ? undefined : await findDefect(deps.db, { organizationId, id: link.defect_id })
  if (link === undefined || link.remote_id === null || defect === undefined) throw missing()
  // Whoever may read can open it as often as they like: what people write still has to leave.
  const { open } = await openTracker(deps, { place: defect, lane: 'status' })
  const { files } = open
  if (files === null) throw missing()
  const wanted = { item: itemRef(defect), fileId: link.remote_id }
  const spooled = await spoolRemote(deps, { files, wanted, name: row.name })
  if (spooled.kind === 'deleted') throw new AppError('gone', `"${row.name}" is no longer in ${remoteTitle(defect)}.`)
  return { name: row.name, bytes: spooled.value.bytes, ...(await readAndRemove(spooled.value)) }
}

type Files = NonNullable<OpenTracker['files']>
type Wanted = { files: Files; wanted: Omit<Parameters<Files['download']>[0], 'take'>; name: string }

/** On disk first: a failure in the middle is then an answer, and the size is known. */
async function spoolRemote(deps: Deps, { files, wanted, name }: Wanted): Promise<Fetched<SpooledReport>> {
  const { bytesEach } = deps.attachmentLimits
  let taken = 0
  const pipe = new PassThrough()
  // Whoever reads it, or waits for it, hears of an error; where nobody does yet, it must not end the process.
  pipe.on('error', () => undefined)
  const take = async (bytes: Uint8Array): Promise<void> => {
    taken += bytes.length
    if (taken > bytesEach) throw tooLarge(name, bytesEach)
    if (pipe.destroyed) throw new AppError('unavailable', 'The file could not be written down here. Try again.')
    if (!pipe.write(bytes)) await Promise.race([once(pipe, 'drain'), once(pipe, 'close')])
  }
  const spooling = spoolReport(pipe, { folder: deps.tempFolder, maxBytes: bytesEach })
  // Awaited below; a failure before that must not count as nobody's.
  spooling.catch(() => undefined)
  try {
    const seen = await files.download({ ...wanted, take })
    pipe.end()
    const spooled = await spooling
    if (seen.kind === 'found') return { kind: 'found', value: spooled }
    await spooled.remove()
    return seen
  } catch (error) {
    pipe.destroy(error instanceof Error ? error : undefined)
    await spooling.then((spooled) => spooled.remove()).catch(() => undefined)
    throw error
  }
}

/** Its name goes before it is read: whoever asked may be gone by then, and the process at any moment. Closed with the stream. */
async function readAndRemove(spooled: SpooledReport): Promise<{ type: string; content: Readable }> {
  try {
    const type = attachmentTypeOf(await readHead(spooled, typedHeadBytes))
    const file = await openFile(spooled.path, 'r')
    return { type, content: file.createReadStream() }
  } finally {
    await spooled.remove()
  }
}

function tooLarge(name: string, bytesEach: number): AppError {
  const sentence = `"${name}" is larger than ${bytesEach / 1024 / 1024} MB, which is what Weir fetches. Open it where it stands.`
  return new AppError('payload_too_large', sentence)
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such attachment here.')
}
