import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { RepositoryTable } from '../schema.gen.ts'

export type RepositoryRow = Selectable<RepositoryTable>

export type SeenRepository = {
  id: string
  remoteUuid: string
  workspaceUuid: string
  workspaceSlug: string
  slug: string
  name: string
  description: string
  mainBranch: string | null
  isPrivate: boolean
  hasIssues: boolean
  language: string | null
  webUrl: string
  remoteUpdatedAt: Date | null
}

const isRenamed = sql<boolean>`(repository.workspace_slug, repository.slug) is distinct from (excluded.workspace_slug, excluded.slug)`
const formerName = sql<string>`repository.workspace_slug || '/' || repository.slug`

/**
 * Writes repositories as the remote shows them now. The UUID is the identity: a known repository keeps its id, and its
 * slug, name and main branch follow (a rename is no new repository, and what it was called stays known). Answers the ids
 * in use.
 */
export async function upsertRepositories(
  tx: Db,
  input: { organizationId: string; connectionId: string; now: Date },
  seen: readonly SeenRepository[],
): Promise<{ id: string; remoteUuid: string }[]> {
  if (seen.length === 0) return []
  const rows = await tx
    .insertInto('repository')
    .values(
      seen.map((one) => ({
        organization_id: input.organizationId,
        id: one.id,
        connection_id: input.connectionId,
        remote_uuid: one.remoteUuid,
        workspace_uuid: one.workspaceUuid,
        workspace_slug: one.workspaceSlug,
        slug: one.slug,
        name: one.name,
        description: one.description,
        main_branch: one.mainBranch,
        is_private: one.isPrivate,
        has_issues: one.hasIssues,
        language: one.language,
        web_url: one.webUrl,
        state: 'here' as const,
        remote_updated_at: one.remoteUpdatedAt,
        updated_at: input.now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'remote_uuid']).doUpdateSet((set) => ({
        connection_id: set.ref('excluded.connection_id'),
        former_name: sql<string | null>`case when ${isRenamed} then ${formerName} else repository.former_name end`,
        renamed_at: sql<Date | null>`case when ${isRenamed} then ${input.now}::timestamptz else repository.renamed_at end`,
        workspace_uuid: set.ref('excluded.workspace_uuid'),
        workspace_slug: set.ref('excluded.workspace_slug'),
        slug: set.ref('excluded.slug'),
        name: set.ref('excluded.name'),
        description: set.ref('excluded.description'),
        main_branch: set.ref('excluded.main_branch'),
        is_private: set.ref('excluded.is_private'),
        has_issues: set.ref('excluded.has_issues'),
        language: set.ref('excluded.language'),
        web_url: set.ref('excluded.web_url'),
        state: 'here' as const,
        remote_updated_at: set.ref('excluded.remote_updated_at'),
        updated_at: input.now,
      })),
    )
    .returning(['id', 'remote_uuid'])
    .execute()
  return rows.map((row) => ({ id: row.id, remoteUuid: row.remote_uuid }))
}

export function findRepository(
  db: Db,
  key: { organizationId: string; repositoryId: string },
): Promise<RepositoryRow | undefined> {
  return db
    .selectFrom('repository')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.repositoryId)
    .executeTakeFirst()
}

export function findRepositoryByRemote(
  db: Db,
  key: { organizationId: string; remoteUuid: string },
): Promise<RepositoryRow | undefined> {
  return db
    .selectFrom('repository')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('remote_uuid', '=', key.remoteUuid)
    .executeTakeFirst()
}

export function listRepositories(
  db: Db,
  input: { organizationId: string; connectionId: string; after: string | null; limit: number },
): Promise<RepositoryRow[]> {
  let query = db
    .selectFrom('repository')
    .selectAll()
    .where('organization_id', '=', input.organizationId)
    .where('connection_id', '=', input.connectionId)
    .orderBy('id')
    .limit(input.limit)
  if (input.after !== null) query = query.where('id', '>', input.after)
  return query.execute()
}

/** Notes what the remote said when it was asked; also when that is nothing new, since `updated_at` says when it was asked. */
export async function setRepositoryState(
  db: Db,
  key: { organizationId: string; repositoryId: string; now: Date },
  state: RepositoryRow['state'],
): Promise<void> {
  await db
    .updateTable('repository')
    .set({ state, updated_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.repositoryId)
    .execute()
}

/** The assets of repositories, by the remote's UUID. */
export async function findAssetsOfRemotes(
  db: Db,
  input: { organizationId: string; remoteUuids: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('repository as r')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'r.organization_id').onRef('a.repository_id', '=', 'r.id'),
    )
    .select(['r.remote_uuid', 'a.id'])
    .where('r.organization_id', '=', input.organizationId)
    .where('r.remote_uuid', '=', sql<string>`any(${[...input.remoteUuids]}::text[])`)
    .where('a.archived_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.remote_uuid, row.id]))
}

/** UUIDs of a connection's repositories that are assets and were last seen here. */
export async function listChosenUuids(
  db: Db,
  key: { organizationId: string; connectionId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('repository as r')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'r.organization_id').onRef('a.repository_id', '=', 'r.id'),
    )
    .select('r.remote_uuid')
    .distinct()
    .where('r.organization_id', '=', key.organizationId)
    .where('r.connection_id', '=', key.connectionId)
    .where('r.state', '=', 'here')
    .where('a.archived_at', 'is', null)
    .orderBy('r.remote_uuid')
    .execute()
  return rows.map((row) => row.remote_uuid)
}
