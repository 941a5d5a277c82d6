import type { Db } from '../src/store/db.ts'
import type { Fixture } from './tenant-fixture.ts'

export type DeploymentKind = 'deployment' | 'incident'

export function newDeploymentIds(newId: () => string): Record<DeploymentKind, string> {
  return { deployment: newId(), incident: newId() }
}

/** A deployment that counts, with a mark and an incident. */
export async function fillDeployments(
  db: Db,
  { organizationId: organization_id, mark, newId, at }: Fixture,
  ids: Record<DeploymentKind | 'repository', string>,
): Promise<void> {
  const place = { organization_id, repository_id: ids.repository }
  const environment_id = newId()
  await db
    .insertInto('environment')
    .values({
      ...place,
      id: environment_id,
      remote_uuid: `{${mark} live}`,
      name: `${mark} live`,
      remote_kind: 'production',
    })
    .execute()
  await db
    .insertInto('deployment')
    .values({
      ...place,
      id: ids.deployment,
      environment_id,
      source: 'bitbucket',
      remote_key: `${mark} run`,
      name: `${mark} run`,
      state: 'successful',
      completed_at: at,
    })
    .execute()
  await db
    .insertInto('deployment_mark')
    .values({
      organization_id,
      deployment_id: ids.deployment,
      is_failed: true,
      reason: `${mark} reason`,
      member_name: `${mark} member`,
      at,
    })
    .execute()
  await db
    .insertInto('incident')
    .values({
      ...place,
      id: ids.incident,
      source: 'push',
      key: `${mark} INC-1`,
      title: `${mark} till`,
      began_at: at,
      resolved_at: at,
    })
    .execute()
}
