import { sql } from 'kysely'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

/** What decides whether and where vulnerabilities can be sent. Locks the rows, so that two sends cannot cross. */
export async function listSendable(tx: Db, input: { organizationId: string; vulnerabilityIds: readonly string[] }) {
  if (input.vulnerabilityIds.length === 0) return []
  return tx
    .selectFrom('vulnerability')
    .innerJoin('asset', (join) =>
      join
        .onRef('asset.organization_id', '=', 'vulnerability.organization_id')
        .onRef('asset.id', '=', 'vulnerability.asset_id'),
    )
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
      'vulnerability.id',
      'vulnerability.number',
      'vulnerability.status',
      'vulnerability.branch',
      'vulnerability.merged_into',
      'asset.id as asset_id',
      'asset.name as asset_name',
      'repository.id as repository_id',
      'repository.remote_uuid',
      'repository.workspace_uuid',
      'repository.main_branch',
      'repository.has_issues',
      'repository.state as repository_state',
      'connection.id as connection_id',
      'connection.name as connection_name',
      'connection.state as connection_state',
      'connection.has_issues as host_has_issues',
    ])
    .where('vulnerability.organization_id', '=', input.organizationId)
    .where(sql<boolean>`vulnerability.id = any(${[...input.vulnerabilityIds]}::uuid[])`)
    .orderBy('vulnerability.id')
    .forNoKeyUpdate('vulnerability')
    .execute()
}
export type Sendable = Awaited<ReturnType<typeof listSendable>>[number]

/** Routes that can matter for some assets: theirs and the default one. */
export async function listRoutesFor(tx: Db, input: { organizationId: string; assetIds: readonly string[] }) {
  return tx
    .selectFrom('route')
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
      'route.settings',
      'connection.id as connection_id',
      'connection.name as connection_name',
      'connection.state as connection_state',
      // The site, where the connection leads to one.
      'connection.workspace_uuid as container_id',
    ])
    .where('route.organization_id', '=', input.organizationId)
    .where((where) =>
      where.or([
        where('route.asset_id', 'is', null),
        sql<boolean>`route.asset_id = any(${[...new Set(input.assetIds)]}::uuid[])`,
      ]),
    )
    .execute()
}
export type SendRoute = Awaited<ReturnType<typeof listRoutesFor>>[number]

/** What goes into an item: the vulnerability and its newest active finding. */
export async function findItemSource(db: Db, key: { organizationId: string; vulnerabilityId: string }) {
  return db
    .selectFrom('vulnerability')
    .innerJoin('asset', (join) =>
      join
        .onRef('asset.organization_id', '=', 'vulnerability.organization_id')
        .onRef('asset.id', '=', 'vulnerability.asset_id'),
    )
    .leftJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('finding')
          .select([
            'finding.message',
            'finding.help_uri',
            'finding.commit_hash',
            'finding.start_line',
            'finding.snippet',
            'finding.path as finding_path',
          ])
          .whereRef('finding.organization_id', '=', 'vulnerability.organization_id')
          .whereRef('finding.vulnerability_id', '=', 'vulnerability.id')
          .orderBy('finding.active', 'desc')
          .orderBy('finding.updated_at', 'desc')
          .orderBy('finding.id')
          .limit(1)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select([
      'vulnerability.number',
      'vulnerability.title',
      'vulnerability.description',
      'vulnerability.severity',
      'vulnerability.status',
      'vulnerability.scanner',
      'vulnerability.rule_id',
      'vulnerability.source',
      'vulnerability.path',
      'vulnerability.line',
      'vulnerability.branch',
      'vulnerability.due_at',
      'vulnerability.kind',
      'vulnerability.asset_id',
      'vulnerability.created_at',
      'asset.name as asset_name',
      'newest.message',
      'newest.help_uri',
      'newest.commit_hash',
      'newest.finding_path',
      'newest.start_line',
      'newest.snippet',
    ])
    .where('vulnerability.organization_id', '=', key.organizationId)
    .where('vulnerability.id', '=', key.vulnerabilityId)
    .executeTakeFirst()
}

/** Present statuses by vulnerability. */
export async function listStatuses(
  db: Db,
  key: { organizationId: string; vulnerabilityIds: readonly string[] },
): Promise<Map<string, Status>> {
  const rows = await db
    .selectFrom('vulnerability')
    .select(['id', 'status'])
    .where('organization_id', '=', key.organizationId)
    .where(sql<boolean>`id = any(${[...key.vulnerabilityIds]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.status]))
}

export async function findStatus(db: Db, key: { organizationId: string; vulnerabilityId: string }) {
  return db
    .selectFrom('vulnerability')
    .select(['status', 'number', 'title'])
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.vulnerabilityId)
    .executeTakeFirst()
}
