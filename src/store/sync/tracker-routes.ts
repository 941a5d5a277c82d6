import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'

type Key = { organizationId: string; id: string }

export type NewRoute = Key & {
  assetId: string | null
  branch: string | null
  tracker: string
  connectionId: string | null
  settings: unknown
  notes: readonly string[]
  now: Date
}

/** Answers false when there is a route for the same asset and branch. */
export async function insertRoute(tx: Db, route: NewRoute): Promise<boolean> {
  const row = await tx
    .insertInto('route')
    .values({
      organization_id: route.organizationId,
      id: route.id,
      asset_id: route.assetId,
      branch: route.branch,
      tracker: route.tracker,
      connection_id: route.connectionId,
      settings: JSON.stringify(route.settings),
      notes: JSON.stringify(route.notes),
      created_at: route.now,
      updated_at: route.now,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'asset_id', 'branch']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function updateRoute(
  tx: Db,
  key: Key,
  change: Pick<NewRoute, 'tracker' | 'connectionId' | 'settings' | 'notes' | 'now'>,
): Promise<void> {
  await tx
    .updateTable('route')
    .set({
      tracker: change.tracker,
      connection_id: change.connectionId,
      settings: JSON.stringify(change.settings),
      notes: JSON.stringify(change.notes),
      updated_at: change.now,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function deleteRoute(tx: Db, key: Key): Promise<void> {
  await tx.deleteFrom('route').where('organization_id', '=', key.organizationId).where('id', '=', key.id).execute()
}

/** Locks the route until the caller's transaction ends. */
export async function findRouteForUpdate(tx: Db, key: Key) {
  return select(tx, key.organizationId).where('route.id', '=', key.id).forUpdate('route').executeTakeFirst()
}

/** In the order they were made. */
export async function listRoutes(db: Db, query: { organizationId: string; page: PageRequest }) {
  let rows = select(db, query.organizationId)
  if (query.page.after !== null) rows = rows.where('route.id', '>', query.page.after)
  return rows
    .orderBy('route.id')
    .limit(query.page.limit + 1)
    .execute()
}

export type RouteRow = Awaited<ReturnType<typeof listRoutes>>[number]

function select(db: Db, organizationId: string) {
  return db
    .selectFrom('route')
    .leftJoin('asset', (join) =>
      join.onRef('asset.organization_id', '=', 'route.organization_id').onRef('asset.id', '=', 'route.asset_id'),
    )
    .leftJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'route.organization_id')
        .onRef('connection.id', '=', 'route.connection_id'),
    )
    .select([
      'route.id',
      'route.asset_id',
      'route.branch',
      'route.tracker',
      'route.connection_id',
      'route.settings',
      'route.notes',
      'route.created_at',
      'route.updated_at',
      'asset.key as asset_key',
      'asset.name as asset_name',
      'connection.name as connection_name',
    ])
    .where('route.organization_id', '=', organizationId)
}

/** What decides where the vulnerabilities of these assets could go, but for the routes. */
export async function listAssetSendFacts(db: Db, input: { organizationId: string; assetIds: readonly string[] }) {
  return db
    .selectFrom('asset')
    .leftJoin('repository', (join) =>
      join
        .onRef('repository.organization_id', '=', 'asset.organization_id')
        .onRef('repository.id', '=', 'asset.repository_id'),
    )
    .leftJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'repository.organization_id')
        .onRef('connection.id', '=', 'repository.connection_id'),
    )
    .select([
      'asset.id as asset_id',
      'asset.name as asset_name',
      'repository.remote_uuid',
      'repository.workspace_uuid',
      'repository.main_branch',
      'repository.has_issues',
      'repository.state as repository_state',
      'connection.name as connection_name',
      'connection.state as connection_state',
      'connection.has_issues as host_has_issues',
    ])
    .where('asset.organization_id', '=', input.organizationId)
    .where(sql<boolean>`asset.id = any(${[...input.assetIds]}::uuid[])`)
    .execute()
}
export type AssetSendFacts = Awaited<ReturnType<typeof listAssetSendFacts>>[number]
