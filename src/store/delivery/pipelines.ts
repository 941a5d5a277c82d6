import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PipelineTable } from '../schema.gen.ts'

export type SeenPipeline = {
  id: string
  remoteUuid: string
  number: number
  creatorId: string | null
  refType: string | null
  refName: string | null
  name: string | null
  commit: string | null
  trigger: string | null
  state: PipelineTable['state']
  result: PipelineTable['result']
  startedAt: Date
  completedAt: Date | null
  durationS: number | null
  buildS: number | null
}

type Place = { organizationId: string; repositoryId: string; force?: boolean }

/** Writes pipelines; what is over is not begun again by an older telling. Answers the UUIDs of those that were news. */
export async function upsertPipelines(
  tx: Db,
  { organizationId, repositoryId, force = false }: Place,
  seen: readonly SeenPipeline[],
): Promise<string[]> {
  if (seen.length === 0) return []
  const isNews = sql<boolean>`(pipeline.state, pipeline.result) is distinct from (excluded.state, excluded.result)
    and (pipeline.state <> 'completed' or excluded.state = 'completed')`
  const isAnew = sql<boolean>`pipeline.state <> 'completed' or excluded.state = 'completed'`
  const rows = await tx
    .insertInto('pipeline')
    .values(
      seen.map((one) => ({
        organization_id: organizationId,
        id: one.id,
        repository_id: repositoryId,
        remote_uuid: one.remoteUuid,
        number: one.number,
        creator_id: one.creatorId,
        ref_type: one.refType,
        ref_name: one.refName,
        name: one.name,
        commit_sha: one.commit,
        trigger_kind: one.trigger,
        state: one.state,
        result: one.result,
        started_at: one.startedAt,
        completed_at: one.completedAt,
        duration_s: one.durationS,
        build_s: one.buildS,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'repository_id', 'remote_uuid'])
        .doUpdateSet((set) => ({
          creator_id: set.ref('excluded.creator_id'),
          ref_type: set.ref('excluded.ref_type'),
          ref_name: set.ref('excluded.ref_name'),
          name: set.ref('excluded.name'),
          commit_sha: set.ref('excluded.commit_sha'),
          trigger_kind: set.ref('excluded.trigger_kind'),
          state: set.ref('excluded.state'),
          result: set.ref('excluded.result'),
          started_at: set.ref('excluded.started_at'),
          completed_at: set.ref('excluded.completed_at'),
          duration_s: set.ref('excluded.duration_s'),
          build_s: set.ref('excluded.build_s'),
        }))
        .where(force ? isAnew : isNews),
    )
    .returning('remote_uuid')
    .execute()
  return rows.map((row) => row.remote_uuid)
}

/** The earliest start, after `since`, of a pipeline that was not over when it was last seen. */
export async function findOldestRunning(
  db: Db,
  key: { organizationId: string; repositoryId: string; since: Date },
): Promise<Date | null> {
  const row = await db
    .selectFrom('pipeline')
    .select((select) => select.fn.min('started_at').as('at'))
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .where('state', '<>', 'completed')
    .where('started_at', '>=', key.since)
    .executeTakeFirst()
  return row?.at ?? null
}
