import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { EvidenceFileTable } from '../schema.gen.ts'

export type EvidenceFileRow = Selectable<EvidenceFileTable>
export type EvidencedDecision = NonNullable<EvidenceFileRow['decision']>
type Key = { organizationId: string; id: string }

export type NewEvidenceFile = Key & {
  vulnerabilityId: string
  name: string
  mediaType: string
  bytes: number
  sha256: string
  addedBy: { memberId: string; name: string }
  now: Date
  /** Left out: evidence of a vulnerability. */
  purpose?: EvidenceFileRow['purpose']
}

export async function insertEvidenceFile(tx: Db, file: NewEvidenceFile): Promise<void> {
  await tx
    .insertInto('evidence_file')
    .values({
      organization_id: file.organizationId,
      id: file.id,
      vulnerability_id: file.vulnerabilityId,
      name: file.name,
      media_type: file.mediaType,
      bytes: file.bytes,
      sha256: file.sha256,
      added_by: file.addedBy.memberId,
      added_by_name: file.addedBy.name,
      created_at: file.now,
      ...(file.purpose !== undefined && { purpose: file.purpose }),
    })
    .execute()
}

/** One sealed piece of a file. */
export async function insertEvidenceChunk(
  tx: Db,
  chunk: { organizationId: string; evidenceFileId: string; position: number; data: Buffer },
): Promise<void> {
  await tx
    .insertInto('evidence_file_chunk')
    .values({
      organization_id: chunk.organizationId,
      evidence_file_id: chunk.evidenceFileId,
      position: chunk.position,
      data: chunk.data,
    })
    .execute()
}

export async function readEvidenceChunk(
  db: Db,
  key: { organizationId: string; evidenceFileId: string; position: number },
): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('evidence_file_chunk')
    .select('data')
    .where('organization_id', '=', key.organizationId)
    .where('evidence_file_id', '=', key.evidenceFileId)
    .where('position', '=', key.position)
    .executeTakeFirst()
  return row?.data
}

/** Removed ones are counted out. */
export async function countEvidenceFiles(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string },
): Promise<number> {
  const row = await db
    .selectFrom('evidence_file')
    .select(({ fn }) => fn.countAll<number>().as('files'))
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('purpose', '=', 'evidence')
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.files
}

/** A vulnerability holds few at a time; of those removed the last ones are shown. */
const mostShown = 100

export async function listEvidenceFiles(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string },
): Promise<EvidenceFileRow[]> {
  const rows = await db
    .selectFrom('evidence_file')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('purpose', '=', 'evidence')
    .orderBy(sql`removed_at is not null`)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostShown)
    .execute()
  return rows.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime())
}

export async function findEvidenceFile(db: Db, key: Key & { lock?: boolean }): Promise<EvidenceFileRow | undefined> {
  return db
    .selectFrom('evidence_file')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('purpose', '=', 'evidence')
    .$if(key.lock === true, (query) => query.forUpdate())
    .executeTakeFirst()
}

/** Takes the bytes away; the line stays, with who and when. */
export async function entombEvidenceFile(tx: Db, key: Key & { byName: string; now: Date }): Promise<void> {
  await tx
    .deleteFrom('evidence_file_chunk')
    .where('organization_id', '=', key.organizationId)
    .where('evidence_file_id', '=', key.id)
    .execute()
  await tx
    .updateTable('evidence_file')
    .set({ removed_by_name: key.byName, removed_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Marks files as reasons of a decision; answers the names of those that are there. */
export async function giveToDecision(
  tx: Db,
  input: { organizationId: string; vulnerabilityId: string; ids: readonly string[]; decision: EvidencedDecision },
): Promise<string[]> {
  const given = await tx
    .updateTable('evidence_file')
    .set({ decision: input.decision })
    .where('organization_id', '=', input.organizationId)
    .where('vulnerability_id', '=', input.vulnerabilityId)
    .where('purpose', '=', 'evidence')
    .where('removed_at', 'is', null)
    .where(sql<boolean>`id = any(${[...input.ids]}::uuid[])`)
    .returning('name')
    .execute()
  return given.map((row) => row.name)
}
