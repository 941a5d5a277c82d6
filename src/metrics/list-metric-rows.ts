import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/db.ts'
import { lastingAt } from './measure-ages.ts'
import { isLasting, type Metric, type MetricScope, type MetricSubject } from './metric.ts'

/** What lies behind a number, with its part in it: a subject of the metric. `number` null: it has none. */
export type MetricRow = {
  id: string
  repositoryId: string
  repositoryName: string
  number: number | null
  title: string
  webUrl: string
  at: Date
  value: number
  /** How much it counts, of a weighted mean; 1 of every other. */
  weight: number
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
  const weight = metric.shape === 'weighted_mean' ? sql`weight` : sql`1`
  const facts = sql`(select id, at, value, ${weight}::float8 as weight from (${selectFacts(metric, scope)}) counted
      where left_out is null and value is not null ${beyond} order by at desc, id desc limit ${limit}) fact`
  const join = joins[metric.subject]
  const found = await sql<MetricRow>`${join(facts, scope)} order by fact.at desc, fact.id desc`.execute(db)
  return found.rows
}

type Joining = (facts: RawBuilder<unknown>, scope: MetricScope) => RawBuilder<MetricRow>

const joinPullRequests: Joining = (facts, { organizationId }) => sql`
    select fact.id, p.repository_id as "repositoryId", r.name as "repositoryName", p.remote_id as number, p.title,
      p.web_url as "webUrl", fact.at, fact.value::float8 as value, fact.weight, f.flags
    from ${facts}
    join pull_request p on p.organization_id = ${organizationId}::uuid and p.id = fact.id
    join pull_request_figures f on f.organization_id = p.organization_id and f.pull_request_id = p.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id`

const joinDeployments: Joining = (facts, { organizationId }) => sql`
    select fact.id, d.repository_id as "repositoryId", r.name as "repositoryName", null as number,
      concat_ws(' ', coalesce(d.name, e.name), left(coalesce(d.commit_sha, d.commit), 12)) as title,
      coalesce(d.web_url, '') as "webUrl", fact.at, fact.value::float8 as value, fact.weight,
      array_remove(array[f.outcome, 'failed_by_' || f.failed_by, case when f.is_rollback then 'rollback' end,
        case when f.is_rework then 'rework' end], null) as flags
    from ${facts}
    join deployment d on d.organization_id = ${organizationId}::uuid and d.id = fact.id
    join deployment_figures f on f.organization_id = d.organization_id and f.deployment_id = d.id
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    join repository r on r.organization_id = d.organization_id and r.id = d.repository_id`

/** A vulnerability lies here: its page is ours. One of an asset without a repository is called after the asset. */
const joinVulnerabilities: Joining = (facts, { organizationId }) => sql`
    select fact.id, coalesce(a.repository_id, a.id) as "repositoryId", coalesce(r.name, a.name) as "repositoryName", v.number, v.title,
      '' as "webUrl", fact.at, fact.value::float8 as value, fact.weight, v.severity || f.flags as flags
    from ${facts}
    join vulnerability v on v.organization_id = ${organizationId}::uuid and v.id = fact.id
    join vulnerability_figures f on f.organization_id = v.organization_id and f.vulnerability_id = v.id
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    left join repository r on r.organization_id = a.organization_id and r.id = a.repository_id`

const joinIncidents: Joining = (facts, { organizationId }) => sql`
    select fact.id, i.repository_id as "repositoryId", r.name as "repositoryName", null as number, i.title,
      coalesce(i.web_url, '') as "webUrl", fact.at, fact.value::float8 as value, fact.weight,
      array_remove(array[i.severity, 'told_by_' || i.source], null) as flags
    from ${facts}
    join incident i on i.organization_id = ${organizationId}::uuid and i.id = fact.id
    join repository r on r.organization_id = i.organization_id and r.id = i.repository_id`

const joinPipelines: Joining = (facts, { organizationId }) => sql`
    select fact.id, p.repository_id as "repositoryId", r.name as "repositoryName", p.number,
      concat_ws(' on ', coalesce(p.name, 'Pipeline'), p.ref_name) as title,
      r.web_url || '/pipelines/results/' || p.number as "webUrl", fact.at, fact.value::float8 as value, fact.weight,
      array_remove(array[p.result], null) as flags
    from ${facts}
    join pipeline p on p.organization_id = ${organizationId}::uuid and p.id = fact.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id`

const joins: Readonly<Record<MetricSubject, Joining>> = {
  pull_request: joinPullRequests,
  deployment: joinDeployments,
  pipeline: joinPipelines,
  vulnerability: joinVulnerabilities,
  incident: joinIncidents,
}

function selectFacts(metric: Metric, scope: MetricScope) {
  if (!isLasting(metric)) return metric.facts(scope)
  const moment = scope.range.to < scope.now ? scope.range.to : scope.now
  return lastingAt(metric.facts({ ...scope, range: { from: moment, to: moment } }), moment)
}
