import { type Insertable, sql } from 'kysely'
import type { Db } from '../store/db.ts'
import type { DeploymentChangeTable, DeploymentFiguresTable, PullRequestFiguresTable } from '../store/schema.gen.ts'
import { lastingAt } from './measure-ages.ts'
import { isLasting, type Metric, type MetricFact } from './metric.ts'

/** Figures as they are, or as they would be if they were worked out now. */
export type GivenFigures = {
  pullRequests: readonly Insertable<PullRequestFiguresTable>[]
  changes: readonly Insertable<DeploymentChangeTable>[]
  deployments: readonly Insertable<DeploymentFiguresTable>[]
}

/** Whether it can be told how a part came about: security figures follow from vulnerabilities too, which are not worked out anew here. */
export function isExplained({ subject, group }: Pick<Metric, 'subject' | 'group'>): boolean {
  return group !== 'security' && (subject === 'pull_request' || subject === 'deployment')
}

type Asked = { organizationId: string; id: string; now: Date }

const always = { from: new Date('1970-01-01T00:00:00Z'), to: new Date('9999-01-01T00:00:00Z') }

/**
 * The part of one pull request or deployment in a metric, whenever it was: by the metric's own SQL, over these figures in
 * place of the stored ones. Undefined where it is none of the metric's.
 */
export async function selectPart(
  db: Db,
  metric: Metric,
  { figures, ...asked }: Asked & { figures: GivenFigures },
): Promise<MetricFact | undefined> {
  return select(
    db,
    metric,
    asked,
    sql`${given('pull_request_figures', figures.pullRequests)}, ${given('deployment_change', figures.changes)},
      ${given('deployment_figures', figures.deployments)}`,
  )
}

function given(table: string, rows: readonly unknown[]): ReturnType<typeof sql> {
  return sql`${sql.ref(table)} as (
    select * from json_populate_recordset(null::${sql.ref(table)}, ${JSON.stringify(rows)}::json))`
}

/** The same over what is stored: what the figure on screen was made of. */
export async function selectStoredPart(db: Db, metric: Metric, asked: Asked): Promise<MetricFact | undefined> {
  // Narrowed before the metric's own SQL, or each look at one would read them all.
  const one = (table: string, column: string) => sql`${sql.ref(table)} as (
    select * from ${sql.ref(`public.${table}`)} where organization_id = ${asked.organizationId}::uuid
      and ${sql.ref(column)} = ${asked.id}::uuid)`
  return select(
    db,
    metric,
    asked,
    sql`${one('pull_request_figures', 'pull_request_id')}, ${one('deployment_change', 'pull_request_id')},
      ${one('deployment_figures', 'deployment_id')}`,
  )
}

async function select(
  db: Db,
  metric: Metric,
  { organizationId, id, now }: Asked,
  figures: ReturnType<typeof sql>,
): Promise<MetricFact | undefined> {
  const scope = { organizationId, repositoryIds: undefined, branches: undefined, now }
  const facts = isLasting(metric)
    ? lastingAt(metric.facts({ ...scope, range: { from: now, to: now } }), now)
    : metric.facts({ ...scope, range: always })
  const found = await sql<MetricFact>`
    with ${figures}
    select id, at, value::float8 as value, left_out from (${facts}) fact where id = ${id}::uuid limit 1`.execute(db)
  return found.rows[0]
}
