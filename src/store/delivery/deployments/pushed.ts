import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from './deployment-marks.ts'

export type NamedRepository = { id: string; name: string }

/** By `workspace/slug` in any case, or by the UUID the remote gave it. One that was moved away is not meant. */
export async function findRepositoryByName(
  db: Db,
  { organizationId, name }: { organizationId: string; name: string },
): Promise<NamedRepository | undefined> {
  const [workspace = '', slug = ''] = name.split('/')
  return db
    .selectFrom('repository')
    .select(['id', 'name'])
    .where('organization_id', '=', organizationId)
    .where((where) =>
      name.startsWith('{')
        ? where('remote_uuid', '=', name.toLowerCase())
        : where.and([where('workspace_slug', '=', workspace.toLowerCase()), where('slug', '=', slug.toLowerCase())]),
    )
    .where('state', '<>', 'gone')
    .orderBy('updated_at', 'desc')
    .executeTakeFirst()
}

/** The environment of that name that was told by pushing; its kind is what was said last. Answers its id. */
export async function ensurePushedEnvironment(
  tx: Db,
  input: RepositoryKey & { id: string; name: string; kind: 'test' | 'staging' | 'production' | 'other' },
): Promise<string> {
  const row = await tx
    .insertInto('environment')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      repository_id: input.repositoryId,
      // Bitbucket's own have UUIDs with braces.
      remote_uuid: `pushed:${input.name.toLowerCase()}`,
      name: input.name,
      remote_kind: input.kind,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'repository_id', 'remote_uuid'])
        .doUpdateSet((set) => ({ name: set.ref('excluded.name'), remote_kind: set.ref('excluded.remote_kind') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export type PushedDeployment = RepositoryKey & {
  id: string
  environmentId: string
  key: string
  commit: string | null
  state: 'in_progress' | 'successful' | 'failed' | 'stopped'
  startedAt: Date | null
  completedAt: Date | null
  webUrl: string | null
  now: Date
}

/** Writes or changes the deployment of a key; what a later telling leaves out stays as it was. Answers its id. */
export async function upsertPushedDeployment(tx: Db, input: PushedDeployment): Promise<string> {
  const row = await tx
    .insertInto('deployment')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      repository_id: input.repositoryId,
      environment_id: input.environmentId,
      source: 'push',
      remote_key: input.key,
      commit: input.commit,
      commit_sha: input.commit?.length === 40 ? input.commit : null,
      state: input.state,
      started_at: input.startedAt,
      completed_at: input.completedAt,
      web_url: input.webUrl,
      updated_at: input.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'repository_id', 'source', 'remote_key']).doUpdateSet((set) => ({
        environment_id: set.ref('excluded.environment_id'),
        commit: sql<string | null>`coalesce(excluded.commit, deployment.commit)`,
        commit_sha: sql<
          string | null
        >`case when excluded.commit is null then deployment.commit_sha else excluded.commit_sha end`,
        state: set.ref('excluded.state'),
        started_at: sql<Date | null>`coalesce(excluded.started_at, deployment.started_at)`,
        completed_at: set.ref('excluded.completed_at'),
        web_url: sql<string | null>`coalesce(excluded.web_url, deployment.web_url)`,
        updated_at: input.now,
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function findPushedDeployment(
  db: Db,
  { organizationId, repositoryId, key }: RepositoryKey & { key: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('deployment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where('remote_key', '=', key)
    // A pipeline may call one by its own key, or by Bitbucket's.
    .orderBy(sql`source = 'push'`, 'desc')
    .executeTakeFirst()
  return row?.id
}

export type StoredIncident = {
  id: string
  source: 'push' | 'person' | 'jira'
  began_at: Date
  resolved_at: Date | null
}

export async function findIncident(
  db: Db,
  { organizationId, repositoryId, key }: RepositoryKey & { key: string },
): Promise<StoredIncident | undefined> {
  return db
    .selectFrom('incident')
    .select(['id', 'source', 'began_at', 'resolved_at'])
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirst()
}

export type IncidentTold = RepositoryKey & {
  id: string
  key: string
  title: string
  beganAt: Date
  resolvedAt: Date | null
  deploymentId: string | null
  severity: string | null
  source: 'push' | 'person'
  webUrl: string | null
  now: Date
}

/** Writes or changes the incident of a key. A deployment, a severity and an address once told stay where they are left out. */
export async function upsertIncident(tx: Db, input: IncidentTold): Promise<string> {
  const row = await tx
    .insertInto('incident')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      repository_id: input.repositoryId,
      deployment_id: input.deploymentId,
      source: input.source,
      key: input.key,
      title: input.title,
      severity: input.severity,
      web_url: input.webUrl,
      began_at: input.beganAt,
      resolved_at: input.resolvedAt,
      updated_at: input.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'repository_id', 'key']).doUpdateSet((set) => ({
        deployment_id: sql<string | null>`coalesce(excluded.deployment_id, incident.deployment_id)`,
        title: set.ref('excluded.title'),
        severity: sql<string | null>`coalesce(excluded.severity, incident.severity)`,
        web_url: sql<string | null>`coalesce(excluded.web_url, incident.web_url)`,
        began_at: set.ref('excluded.began_at'),
        resolved_at: set.ref('excluded.resolved_at'),
        updated_at: input.now,
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
