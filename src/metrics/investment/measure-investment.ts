import { sql } from 'kysely'
import type { TimeRange } from '../../domain/delivery/time-buckets.ts'
import type { Db } from '../../store/db.ts'
import type { InvestmentRuleRow } from '../../store/delivery/investment-rules.ts'
import type { MetricScope } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

/** Merged pull requests of a bucket that one rule took. `rule` null: none fits; `leftOut` not null: why they are not counted. */
export type InvestmentPart = {
  bucket: number
  rule: number | null
  leftOut: string | null
  pullRequests: number
  lines: number
  unsized: number
  /** Those of which nobody knows which files they changed: no rule of a path can fit them. */
  withoutPaths: number
}

type Asked = { rules: readonly InvestmentRuleRow[] }

/** Merged pull requests of a range by bucket and by the first rule that fits, in one statement. */
export async function measureInvestment(
  db: Db,
  scope: MetricScope,
  { rules, buckets }: Asked & { buckets: readonly TimeRange[] },
): Promise<InvestmentPart[]> {
  const edges = sql`${buckets.map(({ from }) => from.toISOString())}::timestamptz[]`
  const found = await sql<InvestmentPart>`
    select width_bucket(at, ${edges}) - 1 as bucket, rule, left_out as "leftOut", count(*) as "pullRequests",
      coalesce(sum(lines), 0)::float8 as lines, count(*) filter (where lines is null) as unsized,
      count(*) filter (where not has_paths) as "withoutPaths"
    from (${selectRuled(scope, { rules })}) ruled group by 1, 2, 3`.execute(db)
  return found.rows
}

export type InvestmentPlace = { at: Date; id: string }
type Row = {
  id: string
  repositoryId: string
  repositoryName: string
  number: number
  title: string
  webUrl: string
  at: Date
  rule: number | null
  lines: number | null
}

/** Pull requests that were counted, latest first; `only`: those that one of these rules took, null for none. */
export async function listInvested(
  db: Db,
  scope: MetricScope,
  asked: Asked & { only: readonly number[] | null | undefined; after: InvestmentPlace | null; limit: number },
): Promise<Row[]> {
  const { only, after } = asked
  const ofRules =
    only === undefined ? sql`` : only === null ? sql`and rule is null` : sql`and rule = any(${[...only]}::int[])`
  const beyond = after === null ? sql`` : sql`and (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`
  const found = await sql<Row>`
    select id, repository_id as "repositoryId", repository_name as "repositoryName", number, title, web_url as "webUrl",
      at, rule, lines
    from (${selectRuled(scope, asked)}) ruled
    where left_out is null ${ofRules} ${beyond} order by at desc, id desc limit ${asked.limit}`.execute(db)
  return found.rows
}

/** Counted days of people, each parted evenly among the categories it was worked for; and of how many people. */
export type ActiveDays = { people: number; days: { category: string | null; days: number }[] }

/**
 * On which dates of a zone people worked at the merged pull requests of a range: their commits, comments, approvals and
 * requested changes, and that they opened or merged them. Programs have no days.
 */
export async function measureActiveDays(
  db: Db,
  scope: MetricScope,
  { rules, timeZone }: Asked & { timeZone: string },
): Promise<ActiveDays> {
  const found = await sql<{ category: string | null; days: number; people: number }>`
    with ruled as materialized (select * from (${selectRuled(scope, { rules })}) every where left_out is null),
    done as (
      select r.category, p.author_id as account_id, p.opened_at as at from ruled r
        join pull_request p on p.organization_id = ${scope.organizationId}::uuid and p.id = r.id
      union all select r.category, e.contributor_id, e.at from ruled r
        join pull_request_event e on e.organization_id = ${scope.organizationId}::uuid and e.pull_request_id = r.id
        where not e.is_deleted and e.kind in ('comment', 'approval', 'changes_requested', 'merged')
      union all select r.category, m.author_id, m.authored_at from ruled r
        join pull_request_commit c on c.organization_id = ${scope.organizationId}::uuid and c.pull_request_id = r.id
        join commit m on m.organization_id = c.organization_id and m.repository_id = c.repository_id and m.sha = c.sha),
    worked as (
      select distinct person.id as person_id, (d.at at time zone ${timeZone}::text)::date as day, d.category from done d
      join contributor a on a.organization_id = ${scope.organizationId}::uuid and a.id = d.account_id
      join contributor person on person.organization_id = a.organization_id and person.id = coalesce(a.merged_into, a.id)
      where not person.is_bot),
    parted as (select category, 1.0 / count(*) over (partition by person_id, day) as part from worked)
    select category, sum(part)::float8 as days, (select count(distinct person_id) from worked) as people
    from parted group by category`.execute(db)
  return { people: found.rows[0]?.people ?? 0, days: found.rows.map(({ category, days }) => ({ category, days })) }
}

function selectRuled(scope: MetricScope, { rules }: Asked) {
  const stated = rules.map(({ field, category, like_pattern }, position) => ({
    position,
    category,
    field,
    pattern: like_pattern,
  }))
  const { from, to } = scope.range
  return sql`
    select f.pull_request_id as id, f.merged_at as at, f.changed_lines as lines, p.repository_id, r.name as repository_name,
      p.remote_id as number, p.title, p.web_url, taken.position as rule, taken.category, c.paths is not null as has_paths,
      coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
    from pull_request_figures f
    join pull_request p on p.organization_id = f.organization_id and p.id = f.pull_request_id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    left join pull_request_change c on c.organization_id = p.organization_id and c.pull_request_id = p.id
    left join lateral (
      select u.position, u.category
      from json_to_recordset(${JSON.stringify(stated)}::json) as u (position int, category text, field text, pattern text)
      where ${fits} order by u.position limit 1) taken on true
    where f.organization_id = ${scope.organizationId}::uuid and f.merged_at >= ${from} and f.merged_at < ${to} ${narrow(scope)}`
}

/** Whether a rule `u` fits a pull request `p` of a repository `r`, of which `c` tells what it changed. */
const fits = sql`case u.field
  when 'branch' then lower(p.source_branch) like u.pattern
  when 'title' then lower(p.title) like u.pattern
  when 'repository' then lower(r.name) like u.pattern
  when 'label' then exists (select from pull_request_label l
    where l.organization_id = p.organization_id and l.pull_request_id = p.id and lower(l.label) like u.pattern)
  when 'path' then exists (select from unnest(c.paths) as changed (path) where lower(changed.path) like u.pattern)
  when 'vulnerability' then exists (select from remediation_link m
    where m.organization_id = p.organization_id and m.pull_request_id = p.id) end`
