import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { DeliveryRulesTable, DeploymentSourceTable } from '../../schema.gen.ts'

export type DeliveryRules = Omit<Selectable<DeliveryRulesTable>, 'organization_id' | 'updated_at'>
export type DeploymentSource = Pick<
  Selectable<DeploymentSourceTable>,
  'kind' | 'pattern' | 'valid_from' | 'repository_id'
>

/** What an organization begins with; the same as the columns' defaults. */
export const defaultDeliveryRules: DeliveryRules = {
  production_patterns: [],
  repair_branches: ['hotfix/*', 'hotfix-*'],
  repair_within_hours: 24,
  counts_failed_deployments: false,
  pre_history_days: 30,
}

export async function getDeliveryRules(db: Db, { organizationId }: { organizationId: string }): Promise<DeliveryRules> {
  const row = await db
    .selectFrom('delivery_rules')
    .select([
      'production_patterns',
      'repair_branches',
      'repair_within_hours',
      'counts_failed_deployments',
      'pre_history_days',
    ])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row ?? defaultDeliveryRules
}

export async function putDeliveryRules(
  tx: Db,
  { organization_id, ...rules }: DeliveryRules & { organization_id: string; updated_at: Date },
): Promise<void> {
  await tx
    .insertInto('delivery_rules')
    .values({ organization_id, ...rules })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(rules))
    .execute()
}

/** All sources of an organization, each with the name of its repository, oldest first. */
export async function listNamedSources(db: Db, { organizationId }: { organizationId: string }) {
  return db
    .selectFrom('deployment_source as s')
    .leftJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 's.organization_id').onRef('r.id', '=', 's.repository_id'),
    )
    .select(['s.kind', 's.pattern', 's.valid_from'])
    .select(sql<string | null>`r.workspace_slug || '/' || r.slug`.as('repository'))
    .where('s.organization_id', '=', organizationId)
    .orderBy('s.valid_from')
    .orderBy('s.id')
    .execute()
}

export type NewDeploymentSource = Insertable<DeploymentSourceTable> & { valid_from: Date }

export async function replaceDeploymentSources(
  tx: Db,
  { organizationId, rows }: { organizationId: string; rows: readonly NewDeploymentSource[] },
): Promise<void> {
  await tx.deleteFrom('deployment_source').where('organization_id', '=', organizationId).execute()
  if (rows.length > 0)
    await tx
      .insertInto('deployment_source')
      .values([...rows])
      .execute()
}

/** Every source of an organization, oldest first. */
export async function listAllSources(
  db: Db,
  { organizationId }: { organizationId: string },
): Promise<DeploymentSource[]> {
  return db
    .selectFrom('deployment_source')
    .select(['kind', 'pattern', 'valid_from', 'repository_id'])
    .where('organization_id', '=', organizationId)
    .orderBy('valid_from')
    .execute()
}

/** Sources of a repository and those of every repository, oldest first. */
export async function listDeploymentSources(
  db: Db,
  { organizationId, repositoryId }: { organizationId: string; repositoryId: string },
): Promise<DeploymentSource[]> {
  return db
    .selectFrom('deployment_source')
    .select(['kind', 'pattern', 'valid_from', 'repository_id'])
    .where('organization_id', '=', organizationId)
    .where((where) => where.or([where('repository_id', '=', repositoryId), where('repository_id', 'is', null)]))
    .orderBy('valid_from')
    .execute()
}
