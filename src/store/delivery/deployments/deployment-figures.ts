import { type Insertable, sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { DeploymentChangeTable, DeploymentFiguresTable } from '../../schema.gen.ts'
import type { RepositoryKey } from './deployment-marks.ts'

type NewFigures = Insertable<DeploymentFiguresTable>
type NewChange = Insertable<DeploymentChangeTable>

/** Replaces what was worked out of a repository's deployments where it differs, in four statements. */
export async function replaceDeploymentFigures(
  tx: Db,
  {
    organizationId,
    repositoryId,
    figures,
    changes,
  }: RepositoryKey & { figures: readonly NewFigures[]; changes: readonly NewChange[] },
): Promise<void> {
  const key = { organizationId, repositoryId }
  await replaceRows(tx, key, { name: 'deployment_change', id: 'pull_request_id', rows: changes })
  await replaceRows(tx, key, { name: 'deployment_figures', id: 'deployment_id', rows: figures })
}

/** Writes what was worked out of some deployments beside what is there: of these the former figures go. */
export async function addDeploymentFigures(
  tx: Db,
  {
    organizationId,
    repositoryId,
    figures,
    changes,
  }: RepositoryKey & { figures: readonly NewFigures[]; changes: readonly NewChange[] },
): Promise<void> {
  const key = { organizationId, repositoryId }
  await insertRows(tx, { name: 'deployment_change', rows: changes })
  const among = figures.map(({ deployment_id }) => deployment_id)
  if (among.length > 0)
    await replaceRows(tx, key, { name: 'deployment_figures', id: 'deployment_id', rows: figures, among })
}

/** What stands of these pull requests beside their deployments, as it is now, and the sizes of these as wholes. */
export async function refreshCopies(
  tx: Db,
  { organizationId, repositoryId, restated }: RepositoryKey & { restated: readonly string[] },
): Promise<void> {
  if (restated.length === 0) return
  const ofRepository = sql`organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid`
  await sql`
    with one as (
      select c.pull_request_id, c.deployment_id, c.is_batch_merge, f.changed_lines, f.is_security_work
      from (select * from deployment_change where ${ofRepository} and deployment_id in (
        select deployment_id from deployment_change where ${ofRepository}
          and pull_request_id = any(${[...restated]}::uuid[]))) c
      join pull_request_figures f on f.organization_id = c.organization_id and f.pull_request_id = c.pull_request_id
    ), whole as (
      select deployment_id, case when count(*) = count(changed_lines) then sum(changed_lines) end as lines
      from one where not is_batch_merge group by 1
    )
    update deployment_change c set changed_lines = one.changed_lines, deployed_lines = whole.lines,
      is_security_work = one.is_security_work
    from one left join whole on whole.deployment_id = one.deployment_id
    where c.organization_id = ${organizationId}::uuid and c.pull_request_id = one.pull_request_id`.execute(tx)
}

type Replaced = {
  name: 'deployment_change' | 'deployment_figures'
  id: string
  rows: readonly unknown[]
  among?: readonly string[]
}

/** What is the same stays untouched, so that only the days that did change are taken anew. */
async function replaceRows(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  { name, id, rows, among }: Replaced,
): Promise<void> {
  const table = sql.table(name)
  const json = JSON.stringify(rows)
  await sql`
    delete from ${table} former where former.organization_id = ${organizationId}::uuid
      and former.repository_id = ${repositoryId}::uuid
      and ${among === undefined ? sql`true` : sql`former.${sql.ref(id)} = any(${[...among]}::uuid[])`}
      and former.${sql.ref(id)} not in (
        select same.${sql.ref(id)} from ${table} same
        join json_populate_recordset(null::${table}, ${json}::json) made on made.${sql.ref(id)} = same.${sql.ref(id)}
        where same.organization_id = ${organizationId}::uuid and same.repository_id = ${repositoryId}::uuid
          and made is not distinct from same)`.execute(tx)
  await insertRows(tx, { name, rows })
}

async function insertRows(tx: Db, { name, rows }: Pick<Replaced, 'name' | 'rows'>): Promise<void> {
  if (rows.length === 0) return
  const table = sql.table(name)
  await sql`
    insert into ${table} select * from json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json)
    on conflict do nothing`.execute(tx)
}
