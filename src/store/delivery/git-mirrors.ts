import { sql } from 'kysely'
import type { Db } from '../db.ts'

type RepositoryKey = { organizationId: string; repositoryId: string }

/** Up to where a repository's commits are written down. */
export async function findKnownHeads(db: Db, key: RepositoryKey): Promise<string[]> {
  const row = await db
    .selectFrom('git_mirror')
    .select('heads')
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .executeTakeFirst()
  return row?.heads ?? []
}

export async function recordFetch(
  db: Db,
  key: RepositoryKey & { isPartial: boolean; bytes: number; operations: number; now: Date },
): Promise<void> {
  await db
    .insertInto('git_mirror')
    .values({
      organization_id: key.organizationId,
      repository_id: key.repositoryId,
      is_partial: key.isPartial,
      size_bytes: key.bytes,
      operations: key.operations,
      fetched_at: key.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'repository_id']).doUpdateSet((set) => ({
        is_partial: set.ref('excluded.is_partial'),
        size_bytes: set.ref('excluded.size_bytes'),
        operations: sql`git_mirror.operations + excluded.operations`,
        fetched_at: set.ref('excluded.fetched_at'),
      })),
    )
    .execute()
}

/** All commits these reach are written down. */
export async function recordHeads(db: Db, key: RepositoryKey & { heads: readonly string[] }): Promise<void> {
  await db
    .updateTable('git_mirror')
    .set({ heads: [...key.heads] })
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .execute()
}

/** The copy is no longer on disk; what was read from it stays. */
export async function recordNoMirror(db: Db, key: RepositoryKey): Promise<void> {
  await db
    .updateTable('git_mirror')
    .set({ size_bytes: 0 })
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .execute()
}

/** Of these repositories, those that are still read: here, and their connection in use. */
export async function listMirrored(db: Db, keys: readonly RepositoryKey[]): Promise<Set<string>> {
  const found = await sql<{ id: string }>`
    select r.id from unnest(${keys.map(({ organizationId }) => organizationId)}::uuid[],
        ${keys.map(({ repositoryId }) => repositoryId)}::uuid[]) as k (organization_id, id)
      join repository r on r.organization_id = k.organization_id and r.id = k.id
      join connection c on c.organization_id = r.organization_id and c.id = r.connection_id
    where r.state <> 'gone' and c.state <> 'disconnected'`.execute(db)
  return new Set(found.rows.map(({ id }) => id))
}
