import { type RawBuilder, sql } from 'kysely'
import type { TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import type { MetricScope } from './metric.ts'
import { narrow } from './select-pull-requests.ts'

/** Of those that were judged, how many kept it; of the others what is agreed on is not known. */
export type KeptShare = { n: number; kept: number; unknown: number }

/** A key of an item elsewhere, such as SHOP-12: in capitals, so that utf-8 is none. */
const keyPattern = '\\m[A-Z][A-Z0-9]+-[0-9]+\\M'

/**
 * Whether each agreement in force was kept by each pull request merged in the range: one row for both. An agreement of a
 * team is about those whose author was in it, or in one below it, at the merge.
 */
function selectJudged(scope: MetricScope): RawBuilder<unknown> {
  const {
    organizationId,
    range: { from, to },
  } = scope
  const mine = sql`organization_id = ${organizationId}::uuid`
  return sql`
    with recursive agreed as (select id, team_id, kind, threshold from working_agreement where ${mine} and is_on),
    below (agreement_id, team_id) as (
      select id, team_id from agreed where team_id is not null
      union select b.agreement_id, t.id from below b join team t on t.${mine} and t.parent_id = b.team_id),
    author as (
      select distinct b.agreement_id, coalesce(c.merged_into, c.id) as id, m.from_day, m.to_day
      from below b
      join team_member m on m.${mine} and m.team_id = b.team_id
      join contributor c on c.${mine} and (c.id = m.contributor_id or c.member_id = m.member_id))
    select a.id as agreement_id, f.pull_request_id as id, f.merged_at as at,
      case a.kind when 'first_review_within' then f.pickup_s when 'size_at_most' then f.changed_lines end as value,
      case a.kind
        when 'first_review_within' then coalesce(f.pickup_s <= a.threshold * 3600, false)
        when 'reviewed_before_merge' then f.review_count > 0
        when 'size_at_most' then f.changed_lines <= a.threshold
        when 'linked_key' then p.title ~ ${keyPattern} or coalesce(p.source_branch ~ ${keyPattern}, false)
      end as is_kept
    from pull_request_figures f
    join pull_request p on p.organization_id = f.organization_id and p.id = f.pull_request_id
    cross join agreed a
    where f.${mine} and f.merged_at >= ${from} and f.merged_at < ${to} and f.left_out is null ${narrow(scope)}
      and (a.team_id is null or exists (select from author o where o.agreement_id = a.id and o.id = f.author_id
        and (o.from_day is null or o.from_day <= (f.merged_at at time zone 'UTC')::date)
        and (o.to_day is null or o.to_day > (f.merged_at at time zone 'UTC')::date)))`
}

type Row = KeptShare & { agreement: string; bucket: number | null }

/** Every agreement in force as a whole and by bucket, in one statement for all of them. */
export async function measureAgreements(
  db: Db,
  scope: MetricScope,
  buckets: readonly TimeRange[],
): Promise<Map<string, { whole: KeptShare; byBucket: (KeptShare | undefined)[] }>> {
  const edges = sql`${buckets.map(({ from }) => from.toISOString())}::timestamptz[]`
  const found = await sql<Row>`
    select agreement_id as agreement, bucket, count(is_kept) as n, count(*) filter (where is_kept) as kept,
      count(*) filter (where is_kept is null) as unknown
    from (select agreement_id, width_bucket(at, ${edges}) as bucket, is_kept from (${selectJudged(scope)}) judged) f
    group by grouping sets ((agreement_id), (agreement_id, bucket))`.execute(db)
  const byAgreement = Map.groupBy(found.rows, ({ agreement }) => agreement)
  return new Map(
    [...byAgreement].map(([id, rows]) => {
      const byBucket = new Map(rows.map((row) => [row.bucket, row]))
      const whole = byBucket.get(null) ?? { n: 0, kept: 0, unknown: 0 }
      return [id, { whole, byBucket: buckets.map((_, index) => byBucket.get(index + 1)) }]
    }),
  )
}

export type BrokenRow = {
  id: string
  repositoryId: string
  repositoryName: string
  number: number
  title: string
  webUrl: string
  at: Date
  value: number | null
}

/** The pull requests that broke an agreement, latest merge first. At most `limit`, beyond `after`. */
export async function listBroken(
  db: Db,
  { id, after, limit, ...scope }: MetricScope & { id: string; after: { at: Date; id: string } | null; limit: number },
): Promise<BrokenRow[]> {
  const beyond = after === null ? sql`` : sql`and (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`
  const found = await sql<BrokenRow>`
    select p.id, p.repository_id as "repositoryId", r.name as "repositoryName", p.remote_id as number, p.title,
      p.web_url as "webUrl", broken.at, broken.value
    from (select id, at, value from (${selectJudged(scope)}) judged
      where agreement_id = ${id}::uuid and not is_kept ${beyond} order by at desc, id desc limit ${limit}) broken
    join pull_request p on p.organization_id = ${scope.organizationId}::uuid and p.id = broken.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    order by broken.at desc, broken.id desc`.execute(db)
  return found.rows
}
