import { createHash, type Hash } from 'node:crypto'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  findIntelligenceLoad,
  type IntelligenceLoad,
  listOrganizationIds,
  lockIntelligence,
  writeIntelligenceLoad,
} from '../../../store/security/intelligence.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { applyIntelligence } from './apply-intelligence.ts'
import type { IntelligenceFile, OpenedFile } from './intelligence-file.ts'
import { requireIntelligenceFile } from './registry.ts'
import { unpack } from './unpack.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

export type LoadInput = {
  kind: string
  /** The file as it is published, packed or not. */
  bytes: AsyncIterable<Uint8Array>
  /** Also an older file than the loaded one, or one that is much smaller. */
  force: boolean
  actor: AuditActor
}

export type LoadOutcome = {
  kind: 'loaded' | 'unchanged'
  load: IntelligenceLoad
  /** Vulnerabilities about which it says something new. */
  changed: number
}

/** A file that has fewer entries than this part of the loaded one was cut short at the end of a line. */
const leastPart = 0.9

/**
 * Takes in a published file in place of the one before, whole or not at all, and tells every vulnerability of every
 * organization. The same file again changes nothing. Throws `intelligence_invalid` for a file that is none or was cut
 * short, and `conflict` for an older one.
 */
export async function loadIntelligence(deps: Deps, input: LoadInput): Promise<LoadOutcome> {
  const file = requireIntelligenceFile(input.kind)
  const { load, isNew } = await replaceLoaded(deps, file, input)
  // A command that died between the two left the second half to do.
  if (load.applied_at !== null) return { kind: isNew ? 'loaded' : 'unchanged', load, changed: 0 }
  const merged = (await file.tell?.(deps)) ?? 0
  const changed = merged + (await applyIntelligence(deps, load))
  return { kind: isNew ? 'loaded' : 'unchanged', load, changed }
}

type Replaced = { load: IntelligenceLoad; isNew: boolean }

async function replaceLoaded(deps: Deps, file: IntelligenceFile, input: LoadInput): Promise<Replaced> {
  const tx = await deps.db.startTransaction().execute()
  try {
    const replaced = await replaceInTransaction(deps, tx, { file, input })
    // Of the same file nothing is written, not even the same once more.
    await (replaced.isNew ? tx.commit() : tx.rollback()).execute()
    return replaced
  } catch (error) {
    await tx.rollback().execute()
    throw error
  }
}

async function replaceInTransaction(
  deps: Deps,
  tx: Db,
  { file, input }: { file: IntelligenceFile; input: LoadInput },
): Promise<Replaced> {
  await lockIntelligence(tx)
  const before = await findIntelligenceLoad(tx, file.kind)
  const hash = createHash('sha256')
  const opened = await file.open(hashed(unpack(input.bytes), hash))
  if (!input.force) requireNewer(opened, before)
  const entries = await opened.replace(tx)
  const sha256 = hash.digest('hex')
  if (before?.sha256 === sha256) return { load: before, isNew: false }
  if (!input.force) requireWhole(entries, before)
  const { version, publishedOn } = opened
  const load = { kind: file.kind, version, published_on: publishedOn, sha256, entries, loaded_at: deps.clock() }
  await writeIntelligenceLoad(tx, load)
  await auditLoad(deps, tx, { file, load, actor: input.actor })
  return { load: { ...load, applied_at: null }, isNew: true }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

function requireNewer({ publishedOn }: OpenedFile, before: IntelligenceLoad | undefined): void {
  const loaded = before?.published_on ?? null
  if (publishedOn === null || loaded === null || publishedOn >= loaded) return
  throw new AppError(
    'conflict',
    `This file is of ${publishedOn}, and a newer one, of ${loaded}, is loaded. Nothing was changed. Load it all the same with force.`,
  )
}

function requireWhole(entries: number, before: IntelligenceLoad | undefined): void {
  if (before === undefined || entries >= before.entries * leastPart) return
  throw new AppError(
    'conflict',
    `This file has ${entries} entries where the loaded one has ${before.entries}: it looks cut short. Nothing was changed. Load it all the same with force.`,
  )
}

type Told = { file: IntelligenceFile; load: Omit<IntelligenceLoad, 'applied_at'>; actor: AuditActor }

/** Every organization reads by what it is rated. */
async function auditLoad(deps: Deps, tx: Db, { file, load, actor }: Told): Promise<void> {
  const { kind, version, published_on, entries } = load
  const after = { name: file.title, kind, version, published_on, entries }
  for (const organizationId of await listOrganizationIds(tx))
    await recordAudit(deps, tx, { organizationId, actor, action: 'intelligence.loaded', after })
}
