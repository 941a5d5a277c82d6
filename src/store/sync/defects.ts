import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { DefectTable } from '../schema.gen.ts'
import { inChunks } from './in-chunks.ts'

export type DefectRow = Selectable<DefectTable>
type DefectLink = DefectRow['link']

export type NewDefect = {
  organizationId: string
  id: string
  vulnerabilityId: string
  tracker: string
  connectionId: string
  /** Null where items live in no repository. */
  repositoryId: string | null
  containerId: string
  now: Date
}

/** Writes defects as `pending`; a vulnerability that has a live one in the tracker already is left alone. Answers the ids written. */
export async function insertDefects(tx: Db, defects: readonly NewDefect[]): Promise<Set<string>> {
  const written = await inChunks(defects, (piece) => insertPiece(tx, piece))
  return new Set(written.map((row) => row.id))
}

function insertPiece(tx: Db, defects: readonly NewDefect[]): Promise<{ id: string }[]> {
  return tx
    .insertInto('defect')
    .values(
      defects.map((defect) => ({
        organization_id: defect.organizationId,
        id: defect.id,
        vulnerability_id: defect.vulnerabilityId,
        tracker: defect.tracker,
        connection_id: defect.connectionId,
        repository_id: defect.repositoryId,
        container_id: defect.containerId,
        link: 'pending' as const,
        created_at: defect.now,
        updated_at: defect.now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'vulnerability_id', 'tracker']).where('ended_at', 'is', null).doNothing(),
    )
    .returning('id')
    .execute()
}

export async function findDefect(db: Db, key: { organizationId: string; id: string }): Promise<DefectRow | undefined> {
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Defects that still stand for their vulnerability, of some vulnerabilities. */
export async function listLiveDefects(
  db: Db,
  filter: { organizationId: string; vulnerabilityIds: readonly string[] },
): Promise<DefectRow[]> {
  if (filter.vulnerabilityIds.length === 0) return []
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', filter.organizationId)
    .where(sql<boolean>`vulnerability_id = any(${[...filter.vulnerabilityIds]}::uuid[])`)
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function listDefectsOf(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string },
): Promise<DefectRow[]> {
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** The defect whose remote item has this id, inside one container of one tracker. */
export async function findDefectByRemoteId(
  db: Db,
  key: { organizationId: string; tracker: string; containerId: string; remoteId: string },
): Promise<DefectRow | undefined> {
  return (
    db
      .selectFrom('defect')
      .selectAll()
      .where('organization_id', '=', key.organizationId)
      .where('tracker', '=', key.tracker)
      .where('container_id', '=', key.containerId)
      .where('remote_id', '=', key.remoteId)
      // What people parted is none of ours, and may be another one's by now.
      .where('unlinked_at', 'is', null)
      .executeTakeFirst()
  )
}

/** The parted row of a vulnerability and an item, the latest. */
export async function findUnlinkedDefect(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string; tracker: string; containerId: string; remoteId: string },
): Promise<DefectRow | undefined> {
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('tracker', '=', key.tracker)
    .where('container_id', '=', key.containerId)
    .where('remote_id', '=', key.remoteId)
    .where('unlinked_at', 'is not', null)
    .orderBy('unlinked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Live defects whose remote place contains `place`, as in `{"pull_request": 7}`. */
export async function listDefectsAtPlace(
  db: Db,
  key: { organizationId: string; tracker: string; containerId: string; place: Readonly<Record<string, unknown>> },
): Promise<DefectRow[]> {
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('tracker', '=', key.tracker)
    .where('container_id', '=', key.containerId)
    .where(sql<boolean>`remote @> ${JSON.stringify(key.place)}::jsonb`)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
}

export async function listDefectsOfConnection(
  db: Db,
  key: { organizationId: string; connectionId: string },
): Promise<DefectRow[]> {
  return db
    .selectFrom('defect')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('ended_at', 'is', null)
    .where('remote_id', 'is not', null)
    .orderBy('id')
    .execute()
}

/** Notes when defects were last compared with the remote. */
export async function markReconciled(
  db: Db,
  input: { organizationId: string; ids: readonly string[]; at: Date },
): Promise<void> {
  await db
    .updateTable('defect')
    .set({ reconciled_at: input.at, updated_at: input.at })
    .where('organization_id', '=', input.organizationId)
    .where(sql<boolean>`id = any(${[...input.ids]}::uuid[])`)
    .execute()
}

export type DefectChange = {
  remoteId?: string
  remote?: unknown
  url?: string
  link?: DefectLink
  linkReason?: string | null
  agreed?: unknown
  remoteVersion?: string
  pushedHash?: string
  /** Null: it stands for its vulnerability again. */
  endedAt?: Date | null
  unlinkedAt?: Date | null
  kept?: unknown
}

/** Writes what is given and leaves the rest. */
export async function updateDefect(
  tx: Db,
  key: { organizationId: string; id: string; now: Date },
  change: DefectChange,
): Promise<void> {
  await tx
    .updateTable('defect')
    .set({
      updated_at: key.now,
      ...(change.remoteId !== undefined && { remote_id: change.remoteId }),
      ...(change.remote !== undefined && { remote: JSON.stringify(change.remote) }),
      ...(change.url !== undefined && { url: change.url }),
      ...(change.link !== undefined && { link: change.link }),
      ...(change.linkReason !== undefined && { link_reason: change.linkReason }),
      ...(change.agreed !== undefined && { agreed: JSON.stringify(change.agreed) }),
      ...(change.remoteVersion !== undefined && { remote_version: change.remoteVersion }),
      ...(change.pushedHash !== undefined && { pushed_hash: change.pushedHash }),
      ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
      ...(change.unlinkedAt !== undefined && { unlinked_at: change.unlinkedAt }),
      ...(change.kept !== undefined && { kept: JSON.stringify(change.kept) }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
