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
} from '../../../domain/evidence-type.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { SpooledReport } from '../../../scanners/spool-report.ts'
import type { Db } from '../../../store/db.ts'
import {
  countEvidenceFiles,
  type EvidenceFileRow,
  entombEvidenceFile,
  findEvidenceFile,
  listEvidenceFiles as listRows,
} from '../../../store/security/evidence-files.ts'
import { giveEvidenceRoomBack } from '../../../store/security/evidence-use.ts'
import { lockVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { findStatus } from '../../../store/sync/sendable.ts'
import { keepFile, readHead, readKeptFile, requireRoom, takeRoom, withSpooled } from './kept-file.ts'

type MemberActor = Extract<Actor, { kind: 'member' }>
/** Who looks, and whether any file may be removed by them, or those of their own alone. */
export type EvidenceViewer = { memberId: string; mayDecide: boolean; mayWrite: boolean }
/** Of one vulnerability how many at a time, and of the organization how many bytes in all. */
export type EvidenceLimits = { filesEach: number; bytesInAll: number }
type Deps = {
  db: Db
  clock: Clock
  newId: NewId
  secretBox: SecretBox
  tempFolder: string
  evidenceLimits: EvidenceLimits
}
type Key = { organizationId: string; id: string }

const megabytes = largestEvidenceBytes / 1024 / 1024
const tooLarge = `A file of evidence may have ${megabytes} MB. Make it smaller, or keep it elsewhere and write its address into the thread.`

export type EvidenceFiles = {
  items: EvidenceFile[]
  limits: { bytes: number; files: number; endings: string[] }
}

/** Files of a vulnerability, oldest first, and what may be added. Throws `not_found`. */
export async function listEvidenceFiles(
  deps: Pick<Deps, 'db' | 'evidenceLimits'>,
  input: { organizationId: string; vulnerabilityId: string; viewer: EvidenceViewer },
): Promise<EvidenceFiles> {
  const { viewer } = input
  if ((await findStatus(deps.db, input)) === undefined) throw unknownVulnerability()
  const rows = await listRows(deps.db, input)
  return {
    items: rows.map((row) => toEvidenceFile(row, viewer)),
    limits: { bytes: largestEvidenceBytes, files: deps.evidenceLimits.filesEach, endings: [...evidenceEndings] },
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
 * an image that is none, `payload_too_large`, `validation_failed` for an empty one, `conflict` when there are too many,
 * of the vulnerability or of the organization.
 */
export async function addEvidenceFile(deps: Deps, input: AddEvidenceInput): Promise<EvidenceFile> {
  const { organizationId, vulnerabilityId, viewer } = input
  const name = cleanFileName(input.name)
  const type = evidenceTypeOf(name)
  if (type === undefined)
    throw new AppError('unsupported_media_type', `"${name}" cannot be kept. Accepted: ${evidenceEndings.join(', ')}.`)
  if ((await findStatus(deps.db, { organizationId, vulnerabilityId })) === undefined) throw unknownVulnerability()
  const spooling = { body: input.body, name, maxBytes: largestEvidenceBytes, tooLarge }
  return withSpooled(deps, spooling, async (spooled) => {
    await requireContent(spooled, { name, type })
    const { bytesInAll: bytesAtMost } = deps.evidenceLimits
    await requireRoom(deps.db, { organizationId, name, bytes: spooled.bytes, bytesAtMost })
    const id = deps.newId()
    await deps.db.transaction().execute((tx) => keep(deps, tx, { ...input, id, name, type, spooled }))
    const row = await findEvidenceFile(deps.db, { organizationId, id })
    if (row === undefined) throw missing()
    return toEvidenceFile(row, viewer)
  })
}

async function requireContent(spooled: SpooledReport, { name, type }: { name: string; type: EvidenceType }) {
  if (beginsLike(type, await readHead(spooled, 16))) return
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
  const { filesEach, bytesInAll } = deps.evidenceLimits
  if ((await countEvidenceFiles(tx, { organizationId, vulnerabilityId })) >= filesEach)
    throw new AppError('conflict', `A vulnerability can have ${filesEach} files. Remove one first.`)
  const mediaType = input.type
  await keepFile(deps, tx, { organizationId, id, vulnerabilityId, name, mediaType, addedBy: actor, now, spooled })
  await tell(deps, tx, { organizationId, vulnerabilityId, actor, kind: 'evidence_added', after: { file: name }, now })
  await takeRoom(tx, { organizationId, name, bytes: spooled.bytes, bytesAtMost: bytesInAll })
}

/** A kept file and its bytes, piece by piece. Throws `not_found`, `gone` for a removed one. */
export async function getEvidenceFile(
  deps: Pick<Deps, 'db' | 'secretBox'>,
  key: Key,
): Promise<{ name: string; type: string; bytes: number; content: AsyncGenerator<Buffer> }> {
  const row = await findEvidenceFile(deps.db, key)
  if (row === undefined) throw missing()
  if (row.removed_at !== null) throw new AppError('gone', `${row.removed_by_name ?? 'Somebody'} removed this file.`)
  return { name: row.name, type: row.media_type, bytes: row.bytes, content: readKeptFile(deps, key) }
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
  await giveEvidenceRoomBack(tx, { organizationId, bytes: row.bytes })
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

function missing(): AppError {
  return new AppError('not_found', 'There is no such file here.')
}

function unknownVulnerability(): AppError {
  return new AppError('not_found', 'There is no such vulnerability here.')
}
