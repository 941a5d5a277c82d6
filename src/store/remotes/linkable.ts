import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ConnectionRow } from './connections.ts'

/** Connections with places whose items people can name, oldest first. */
export async function listLinkable(db: Db, key: { organizationId: string }): Promise<ConnectionRow[]> {
  return db
    .selectFrom('connection')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('state', '<>', 'disconnected')
    .where('workspace_uuid', 'is not', null)
    .orderBy('id')
    .execute()
}

type Named = { organizationId: string; connectionIds: readonly string[]; workspaceSlug: string; slug: string }

/** The repository of an asset by what its address calls it, with what decides whether it has issues. */
export function findLinkableRepository(db: Db, named: Named) {
  const { organizationId, connectionIds, workspaceSlug, slug } = named
  return db
    .selectFrom('repository as r')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'r.organization_id').onRef('a.repository_id', '=', 'r.id'),
    )
    .innerJoin('connection as c', (join) =>
      join.onRef('c.organization_id', '=', 'r.organization_id').onRef('c.id', '=', 'r.connection_id'),
    )
    .select([
      'r.id',
      'r.connection_id',
      'r.remote_uuid',
      'r.has_issues',
      'c.has_issues as host_has_issues',
      sql<string>`r.workspace_slug || '/' || r.slug`.as('name'),
    ])
    .where('r.organization_id', '=', organizationId)
    .where(sql<boolean>`r.connection_id = any(${[...connectionIds]}::uuid[])`)
    .where('r.workspace_slug', '=', workspaceSlug)
    .where('r.slug', '=', slug)
    .where('r.state', '=', 'here')
    .where('a.archived_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
}
