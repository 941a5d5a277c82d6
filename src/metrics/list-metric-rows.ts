import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/db.ts'
import { lastingAt } from './measure-ages.ts'
import { isLasting, type Metric, type MetricScope, type MetricSubject } from './metric.ts'

/** A pull request, a deployment or a pipeline behind a number, with its part in it. `number` null: it has none. */
export type MetricRow = {
  id: string
  repositoryId: string
  repositoryName: string
  number: number | null
  title: string
  webUrl: string
  at: Date
  value: number
  flags: string[]
}

export type RowPlace = { at: Date; id: string }

/** The facts that made a number, latest first: as many as its `n`. At most `limit`, beyond `after`. */
export async function listMetricRows(
  db: Db,
  metric: Metric,
  { after, limit, ...scope }: MetricScope & { after: RowPlace | null; limit: number },
): Promise<MetricRow[]> {
  const beyond = after === null ? sql`` : sql`and (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`
  const facts = sql`(select id, at, value from (${selectFacts(metric, scope)}) counted
      where left_out is null and value is not null ${beyond} order by at desc, id desc limit ${limit}) fact`
  const found =
    await sql<MetricRow>`${joins[metric.subject](facts, scope)} order by fact.at desc, fact.id desc`.execute(db)
  return found.rows
}

type Joining = (facts: RawBuilder<unknown>, scope: MetricScope) => RawBuilder<MetricRow>

const joinPullRequests: Joining = (facts, { organizationId }) => sql`
    select fact.id, p.repository_id as "repositoryId", r.name as "repositoryName", p.remote_id as number, p.title,
      p.web_url as "webUrl", fact.at, fact.value::float8 as value, f.flags
    from ${facts}
    join pull_request p on p.organization_id = ${organizationId}::uuid and p.id = fact.id
    join pull_request_figures f on f.organization_id = p.organization_id and f.pull_request_id = p.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id`

const joinDeployments: Joining = (facts, { organizationId }) => sql`
    select fact.id, d.repository_id as "repositoryId", r.name as "repositoryName", null as number,
      concat_ws(' ', coalesce(d.name, e.name), left(coalesce(d.commit_sha, d.commit), 12)) as title,
      coalesce(d.web_url, '') as "webUrl", fact.at, fact.value::float8 as value,
      array_remove(array[f.outcome, 'failed_by_' || f.failed_by, case when f.is_rollback then 'rollback' end,
        case when f.is_rework then 'rework' end], null) as flags
    from ${facts}
    join deployment d on d.organization_id = ${organizationId}::uuid and d.id = fact.id
    join deployment_figures f on f.organization_id = d.organization_id and f.deployment_id = d.id
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    join repository r on r.organization_id = d.organization_id and r.id = d.repository_id`

const joinPipelines: Joining = (facts, { organizationId }) => sql`
    select fact.id, p.repository_id as "repositoryId", r.name as "repositoryName", p.number,
      concat_ws(' on ', coalesce(p.name, 'Pipeline'), p.ref_name) as title,
      r.web_url || '/pipelines/results/' || p.number as "webUrl", fact.at, fact.value::float8 as value,
      array_remove(array[p.result], null) as flags
    from ${facts}
    join pipeline p on p.organization_id = ${organizationId}::uuid and p.id = fact.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id`

const joins: Readonly<Record<MetricSubject, Joining>> = {
  pull_request: joinPullRequests,
  deployment: joinDeployments,
  pipeline: joinPipelines,
}

function selectFacts(metric: Metric, scope: MetricScope) {
  if (!isLasting(metric)) return metric.facts(scope)
  const moment = scope.range.to < scope.now ? scope.range.to : scope.now
  return lastingAt(metric.facts({ ...scope, range: { from: moment, to: moment } }), moment)
}
