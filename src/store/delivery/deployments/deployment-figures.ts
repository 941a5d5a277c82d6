import { type Insertable, sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { DeploymentChangeTable, DeploymentFiguresTable } from '../../schema.gen.ts'
import type { RepositoryKey } from './deployment-marks.ts'

type NewFigures = Insertable<DeploymentFiguresTable>
type NewChange = Insertable<DeploymentChangeTable>

/** Replaces all that was worked out of a repository's deployments, in four statements. */
export async function replaceDeploymentFigures(
  tx: Db,
  {
    organizationId,
    repositoryId,
    figures,
    changes,
  }: RepositoryKey & { figures: readonly NewFigures[]; changes: readonly NewChange[] },
): Promise<void> {
  for (const table of ['deployment_change', 'deployment_figures'] as const)
    await tx
      .deleteFrom(table)
      .where('organization_id', '=', organizationId)
      .where('repository_id', '=', repositoryId)
      .execute()
  if (figures.length > 0)
    await sql`
      insert into deployment_figures
      select * from json_populate_recordset(null::deployment_figures, ${JSON.stringify(figures)}::json)`.execute(tx)
  if (changes.length > 0)
    await sql`
      insert into deployment_change
      select * from json_populate_recordset(null::deployment_change, ${JSON.stringify(changes)}::json)`.execute(tx)
}
