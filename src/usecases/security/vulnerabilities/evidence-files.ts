import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { EvidenceFile } from '../../../../contract/security/evidence-files.ts'
import type { Actor } from '../../../domain/actor.ts'
import {
  beginsLike,
  cleanFileName,
  type EvidenceType,
  evidenceEndings,
  evidenceTypeOf,
  isSafeImage,
  largestEvidenceBytes,
  mostEvidenceFiles,
} from '../../../domain/evidence-type.ts'
import { AppError, isAppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import { type SpooledReport, spoolReport } from '../../../scanners/spool-report.ts'
import type { Db } from '../../../store/db.ts'
import {
  countEvidenceFiles,
  type EvidenceFileRow,
  entombEvidenceFile,
  findEvidenceFile,
  insertEvidenceChunk,
  insertEvidenceFile,
  listEvidenceFiles as listRows,
  readEvidenceChunk,
} from '../../../store/security/evidence-files.ts'
import { lockVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { findStatus } from '../../../store/sync/sendable.ts'

type MemberActor = Extract<Actor, { kind: 'member' }>
/** Who looks, and whether any file may be removed by them, or those of their own alone. */
export type EvidenceViewer = { memberId: string; mayDecide: boolean; mayWrite: boolean }
type Deps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox; tempFolder: string }
type Key = { organizationId: string; id: string }

const pieceBytes = 1024 * 1024
const megabytes = largestEvidenceBytes / 1024 / 1024

export type EvidenceFiles = {
  items: EvidenceFile[]
  limits: { bytes: number; files: number; endings: string[] }
}

/** Files of a vulnerability, oldest first, and what may be added. Throws `not_found`. */
export async function listEvidenceFiles(
  deps: { db: Db },
  input: { organizationId: string; vulnerabilityId: string; viewer: EvidenceViewer },
): Promise<EvidenceFiles> {
  const { viewer } = input
  if ((await findStatus(deps.db, input)) === undefined) throw unknownVulnerability()
  const rows = await listRows(deps.db, input)
  return {
    items: rows.map((row) => toEvidenceFile(row, viewer)),
    limits: { bytes: largestEvidenceBytes, files: mostEvidenceFiles, endings: [...evidenceEndings] },
  }
}

export type AddEvidenceInput = {
  organizationId: string
  vulnerabilityId: string
  actor: MemberActor
  viewer: EvidenceViewer
  name: string
  body: AsyncIterable<Uint8Array>
}

/**
 * Keeps a file with a vulnerability, sealed. Throws `not_found`, `unsupported_media_type` for a type that is not kept or
 * an image that is none, `payload_too_large`, `validation_failed` for an empty one, `conflict` when there are too many.
 */
export async function addEvidenceFile(deps: Deps, input: AddEvidenceInput): Promise<EvidenceFile> {
  const { organizationId, vulnerabilityId, viewer } = input
  const name = cleanFileName(input.name)
  const type = evidenceTypeOf(name)
  if (type === undefined)
    throw new AppError('unsupported_media_type', `"${name}" cannot be kept. Accepted: ${evidenceEndings.join(', ')}.`)
  if ((await findStatus(deps.db, { organizationId, vulnerabilityId })) === undefined) throw unknownVulnerability()
  const spooled = await spool(deps, input.body)
  try {
    await requireContent(spooled, { name, type })
    const id = deps.newId()
    await deps.db.transaction().execute((tx) => keep(deps, tx, { ...input, id, name, type, spooled }))
    const row = await findEvidenceFile(deps.db, { organizationId, id })
    if (row === undefined) throw missing()
    return toEvidenceFile(row, viewer)
  } finally {
    await spooled.remove()
  }
}

async function spool(deps: Deps, body: AsyncIterable<Uint8Array>): Promise<SpooledReport> {
  try {
    return await spoolReport(body, { folder: deps.tempFolder, maxBytes: largestEvidenceBytes })
  } catch (error) {
    if (isAppError(error, 'report_too_large')) throw tooLarge(error)
    throw error
  }
}

function tooLarge(cause: unknown): AppError {
  const detail = `A file of evidence may have ${megabytes} MB. Make it smaller, or keep it elsewhere and write its address into the thread.`
  return new AppError('payload_too_large', detail, { cause })
}

async function requireContent(spooled: SpooledReport, { name, type }: { name: string; type: EvidenceType }) {
  if (spooled.bytes === 0) throw new AppError('validation_failed', `"${name}" is empty. Choose the file again.`)
  const file = await open(spooled.path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    if (beginsLike(type, buffer.subarray(0, bytesRead))) return
  } finally {
    await file.close()
  }
  throw new AppError(
    'unsupported_media_type',
    `"${name}" is not what its name says: it does not begin like ${type}. Give it the ending of what it is.`,
  )
}

type Kept = AddEvidenceInput & { id: string; name: string; type: EvidenceType; spooled: SpooledReport }

async function keep(deps: Deps, tx: Db, input: Kept): Promise<void> {
  const { organizationId, vulnerabilityId, id, name, actor, spooled } = input
  const now = deps.clock()
  // Locked, so that two that come together are counted one after the other.
  const found = await lockVulnerabilities(tx, organizationId, [vulnerabilityId])
  if (found.size === 0) throw unknownVulnerability()
  if ((await countEvidenceFiles(tx, { organizationId, vulnerabilityId })) >= mostEvidenceFiles)
    throw new AppError('conflict', `A vulnerability can have ${mostEvidenceFiles} files. Remove one first.`)
  await insertEvidenceFile(tx, {
    organizationId,
    id,
    vulnerabilityId,
    name,
    mediaType: input.type,
    bytes: spooled.bytes,
    sha256: spooled.sha256,
    addedBy: actor,
    now,
  })
  let position = 0
  for await (const piece of createReadStream(spooled.path, { highWaterMark: pieceBytes })) {
    if (!Buffer.isBuffer(piece)) continue
    const sealed = deps.secretBox.seal(piece.toString('base64'), contextOf(id, position))
    await insertEvidenceChunk(tx, { organizationId, evidenceFileId: id, position, data: Buffer.from(sealed) })
    position += 1
  }
  await tell(deps, tx, { organizationId, vulnerabilityId, actor, kind: 'evidence_added', after: { file: name }, now })
}

/** A kept file and its bytes, piece by piece. Throws `not_found`, `gone` for a removed one. */
export async function getEvidenceFile(
  deps: Pick<Deps, 'db' | 'secretBox'>,
  key: Key,
): Promise<{ name: string; type: string; bytes: number; content: AsyncGenerator<Buffer> }> {
  const row = await findEvidenceFile(deps.db, key)
  if (row === undefined) throw missing()
  if (row.removed_at !== null) throw new AppError('gone', `${row.removed_by_name ?? 'Somebody'} removed this file.`)
  return { name: row.name, type: row.media_type, bytes: row.bytes, content: readPieces(deps, key) }
}

async function* readPieces(deps: Pick<Deps, 'db' | 'secretBox'>, key: Key): AsyncGenerator<Buffer> {
  const { organizationId, id } = key
  for (let position = 0; ; position++) {
    const sealed = await readEvidenceChunk(deps.db, { organizationId, evidenceFileId: id, position })
    if (sealed === undefined) return
    yield Buffer.from(deps.secretBox.open(sealed.toString(), contextOf(id, position)), 'base64')
  }
}

/**
 * Takes the bytes of a file away; its line stays, with who and when. Doing it again changes nothing. Throws `not_found`,
 * `forbidden` for somebody else's and for one that a decision leans on, unless a champion does it.
 */
export async function removeEvidenceFile(
  deps: Pick<Deps, 'db' | 'clock' | 'newId'>,
  input: Key & { actor: MemberActor; viewer: EvidenceViewer },
): Promise<void> {
  await deps.db.transaction().execute((tx) => removeInTransaction(deps, tx, input))
}

async function removeInTransaction(
  deps: Pick<Deps, 'clock' | 'newId'>,
  tx: Db,
  input: Key & { actor: MemberActor; viewer: EvidenceViewer },
): Promise<void> {
  const { organizationId, id, actor, viewer } = input
  const row = await findEvidenceFile(tx, { organizationId, id, lock: true })
  if (row === undefined) throw missing()
  if (row.added_by !== viewer.memberId && !viewer.mayDecide)
    throw new AppError('forbidden', `${row.added_by_name} added this file. They or a champion can remove it.`)
  if (row.decision !== null && !viewer.mayDecide)
    throw new AppError('forbidden', 'A decision leans on this file. A champion can remove it.')
  if (row.removed_at !== null) return
  const now = deps.clock()
  await entombEvidenceFile(tx, { organizationId, id, byName: actor.name, now })
  await tell(deps, tx, {
    organizationId,
    vulnerabilityId: row.vulnerability_id,
    actor,
    kind: 'evidence_removed',
    before: { file: row.name },
    now,
  })
}

type Told = {
  organizationId: string
  vulnerabilityId: string
  actor: Actor
  kind: 'evidence_added' | 'evidence_removed'
  before?: { file: string }
  after?: { file: string }
  now: Date
}

async function tell(deps: { newId: NewId }, tx: Db, told: Told): Promise<void> {
  const { organizationId, vulnerabilityId, actor, kind, before = null, after = null, now } = told
  const event = { id: deps.newId(), vulnerability_id: vulnerabilityId, kind, reason: null, before, after }
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, now }, [event])
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
}

function toEvidenceFile(row: EvidenceFileRow, viewer: EvidenceViewer): EvidenceFile {
  const isOwn = row.added_by === viewer.memberId && viewer.mayWrite && row.decision === null
  return {
    id: row.id,
    name: row.name,
    media_type: row.media_type,
    bytes: row.bytes,
    is_image: isSafeImage(row.media_type),
    decision: row.decision,
    added_by: row.added_by_name,
    created_at: row.created_at.toISOString(),
    removed_by: row.removed_by_name,
    removed_at: row.removed_at?.toISOString() ?? null,
    can_remove: row.removed_at === null && (viewer.mayDecide || isOwn),
  }
}

function contextOf(id: string, position: number): string {
  return `evidence_file_chunk.data ${id} ${position}`
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such file here.')
}

function unknownVulnerability(): AppError {
  return new AppError('not_found', 'There is no such vulnerability here.')
}
