import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export type DeploymentKey = { organizationId: string; deploymentId: string }

/** What a person said of a deployment; null where they said nothing of it. */
export type DeploymentMark = {
  isFailed: boolean | null
  isRework: boolean | null
  reason: string
  memberName: string
  at: Date
}

/**
 * Every telling of what counts as one deployment with this one: attempts, steps and regions of its pipeline. Empty where
 * there is no such deployment.
 */
export async function listTellings(tx: Db, { organizationId, deploymentId }: DeploymentKey): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select s.id from deployment d
    join deployment s on s.organization_id = d.organization_id and s.repository_id = d.repository_id
      and (s.id = d.id or (s.pipeline_uuid = d.pipeline_uuid
        and coalesce(s.commit_sha, s.commit) is not distinct from coalesce(d.commit_sha, d.commit)))
    where d.organization_id = ${organizationId}::uuid and d.id = ${deploymentId}::uuid`.execute(tx)
  return found.rows.map(({ id }) => id)
}

type Tellings = { organizationId: string; tellings: readonly string[] }

/** What was said of any of them, locked until the transaction ends; undefined where nothing was. */
export async function findMark(tx: Db, { organizationId, tellings }: Tellings): Promise<DeploymentMark | undefined> {
  return tx
    .selectFrom('deployment_mark')
    .select(['is_failed as isFailed', 'is_rework as isRework', 'reason', 'member_name as memberName', 'at'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', 'in', [...tellings])
    .orderBy('at', 'desc')
    .forUpdate()
    .executeTakeFirst()
}

/** Puts a mark on the deployment in place of what was said of any of its tellings. */
export async function replaceMark(
  tx: Db,
  { organizationId, deploymentId, tellings, mark }: DeploymentKey & Tellings & { mark: DeploymentMark },
): Promise<void> {
  await deleteMarks(tx, { organizationId, tellings })
  await tx
    .insertInto('deployment_mark')
    .values({
      organization_id: organizationId,
      deployment_id: deploymentId,
      is_failed: mark.isFailed,
      is_rework: mark.isRework,
      reason: mark.reason,
      member_name: mark.memberName,
      at: mark.at,
    })
    .execute()
}

export async function deleteMarks(tx: Db, { organizationId, tellings }: Tellings): Promise<void> {
  await tx
    .deleteFrom('deployment_mark')
    .where('organization_id', '=', organizationId)
    .where('deployment_id', 'in', [...tellings])
    .execute()
}
