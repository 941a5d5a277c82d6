import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { DeploymentTable, EnvironmentTable } from '../schema.gen.ts'

type Place = { organizationId: string; repositoryId: string }

/** `kind` null: named by a deployment alone, and no longer listed. */
export type SeenEnvironment = {
  id: string
  remoteUuid: string
  name: string
  kind: EnvironmentTable['remote_kind'] | null
}

/** Writes environments as listed; what a person says instead stays. One only named by a deployment is gone, and kept. Answers all ids by UUID. */
export async function upsertEnvironments(
  tx: Db,
  { organizationId, repositoryId, now }: Place & { now: Date },
  seen: readonly SeenEnvironment[],
): Promise<Map<string, string>> {
  const isListed = seen.every(({ kind }) => kind !== null)
  if (seen.length > 0)
    await tx
      .insertInto('environment')
      .values(
        seen.map((one) => ({
          organization_id: organizationId,
          id: one.id,
          repository_id: repositoryId,
          remote_uuid: one.remoteUuid,
          name: one.name,
          remote_kind: one.kind ?? ('other' as const),
          gone_at: one.kind === null ? now : null,
        })),
      )
      .onConflict((conflict) => {
        const known = conflict.columns(['organization_id', 'repository_id', 'remote_uuid'])
        if (!isListed) return known.doNothing()
        return known.doUpdateSet((set) => ({
          name: set.ref('excluded.name'),
          remote_kind: set.ref('excluded.remote_kind'),
          gone_at: null,
        }))
      })
      .execute()
  const rows = await tx
    .selectFrom('environment')
    .select(['id', 'remote_uuid'])
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .execute()
  return new Map(rows.map((row) => [row.remote_uuid, row.id]))
}

export type SeenDeployment = {
  id: string
  environmentId: string
  remoteKey: string
  pipelineUuid: string | null
  name: string | null
  commit: string | null
  state: DeploymentTable['state']
  startedAt: Date | null
  completedAt: Date | null
  updatedAt: Date | null
  webUrl: string | null
}

/** Writes Bitbucket's own deployments; an older telling changes nothing. Answers the keys of those that were news. */
export async function upsertDeployments(
  tx: Db,
  { organizationId, repositoryId, now, force = false }: Place & { now: Date; force?: boolean },
  seen: readonly SeenDeployment[],
): Promise<string[]> {
  if (seen.length === 0) return []
  const isNewer = sql<boolean>`(deployment.remote_updated_at is null and (excluded.remote_updated_at is not null or deployment.state <> excluded.state))
    or excluded.remote_updated_at > deployment.remote_updated_at`
  const isAnew = sql<boolean>`deployment.remote_updated_at is null or excluded.remote_updated_at >= deployment.remote_updated_at`
  const rows = await tx
    .insertInto('deployment')
    .values(
      seen.map((one) => ({
        organization_id: organizationId,
        id: one.id,
        repository_id: repositoryId,
        environment_id: one.environmentId,
        source: 'bitbucket' as const,
        remote_key: one.remoteKey,
        pipeline_uuid: one.pipelineUuid,
        name: one.name,
        commit: one.commit,
        commit_sha: one.commit !== null && one.commit.length === 40 ? one.commit : null,
        state: one.state,
        started_at: one.startedAt,
        completed_at: one.completedAt,
        remote_updated_at: one.updatedAt,
        web_url: one.webUrl,
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'repository_id', 'source', 'remote_key'])
        .doUpdateSet((set) => ({
          environment_id: set.ref('excluded.environment_id'),
          pipeline_uuid: set.ref('excluded.pipeline_uuid'),
          name: set.ref('excluded.name'),
          commit: set.ref('excluded.commit'),
          commit_sha: sql<
            string | null
          >`coalesce(excluded.commit_sha, case when deployment.commit is not distinct from excluded.commit then deployment.commit_sha end)`,
          state: set.ref('excluded.state'),
          started_at: set.ref('excluded.started_at'),
          completed_at: set.ref('excluded.completed_at'),
          remote_updated_at: set.ref('excluded.remote_updated_at'),
          web_url: set.ref('excluded.web_url'),
          updated_at: now,
        }))
        .where(force ? isAnew : isNewer),
    )
    .returning('remote_key')
    .execute()
  return rows.map((row) => row.remote_key)
}

/** The earliest start, after `since`, of a deployment that was not over when it was last seen. */
export async function findOldestDeploying(db: Db, key: Place & { since: Date }): Promise<Date | null> {
  const row = await db
    .selectFrom('deployment')
    .select((select) => select.fn.min('started_at').as('at'))
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .where('source', '=', 'bitbucket')
    .where('state', '=', 'in_progress')
    .where('started_at', '>=', key.since)
    .executeTakeFirst()
  return row?.at ?? null
}
