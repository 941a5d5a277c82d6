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
      coalesce(sum(lines), 0)::float8 as lines, count(*) filter (where lines is null) as unsized
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

function selectRuled(scope: MetricScope, { rules }: Asked) {
  const stated = rules.map(({ field, like_pattern }, position) => ({ position, field, pattern: like_pattern }))
  const { from, to } = scope.range
  return sql`
    select f.pull_request_id as id, f.merged_at as at, f.changed_lines as lines, p.repository_id, r.name as repository_name,
      p.remote_id as number, p.title, p.web_url, taken.position as rule,
      coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
    from pull_request_figures f
    join pull_request p on p.organization_id = f.organization_id and p.id = f.pull_request_id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    left join lateral (
      select u.position from json_to_recordset(${JSON.stringify(stated)}::json) as u (position int, field text, pattern text)
      where lower(case u.field when 'branch' then p.source_branch when 'title' then p.title else r.name end) like u.pattern
      order by u.position limit 1) taken on true
    where f.organization_id = ${scope.organizationId}::uuid and f.merged_at >= ${from} and f.merged_at < ${to} ${narrow(scope)}`
}
