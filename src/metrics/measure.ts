import { type RawBuilder, sql } from 'kysely'
import type { Statistic } from '../domain/delivery/statistics.ts'
import type { TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import type { MetricFact, MetricScope, MetricSubject } from './metric.ts'
import { narrow, narrowDeployments } from './select-pull-requests.ts'

/** How values become one number in SQL: a statistic, or how many there are. */
export type Formula = Statistic | 'count'

/** `n` facts with a value made `value`, of `total` that belong here; `value` is null for none. */
export type Measured = { value: number | null; n: number; total: number }

/** A range as a whole and bucket by bucket, and what is not counted for which reason. */
export type MeasuredRange = {
  whole: Measured
  buckets: readonly Measured[]
  excluded: { reason: string; count: number }[]
}

const none: Measured = { value: null, n: 0, total: 0 }

// Nearest rank is PostgreSQL's percentile_disc; the mean of the middle two its percentile_cont at one half.
/** The SQL of a formula over `f.value`. */
export function toAggregate(formula: Formula): RawBuilder<number | null> {
  switch (formula) {
    case 'median':
      return sql`percentile_cont(0.5) within group (order by f.value)`
    case 'p75':
      return sql`percentile_disc(0.75) within group (order by f.value)`
    case 'p90':
      return sql`percentile_disc(0.9) within group (order by f.value)`
    case 'mean':
      return sql`avg(f.value)`
    case 'count':
      return sql`count(f.value)`
    default: {
      const unheard: never = formula
      return unheard
    }
  }
}

type Row = { bucket: number | null; value: number | null; n: number; total: number }

/** Facts (id, at, value, left_out) measured as a whole and by the bucket their moment lies in, in one statement. */
export async function measureFacts(
  db: Db,
  facts: RawBuilder<MetricFact>,
  { buckets, formula }: { buckets: readonly TimeRange[]; formula: Formula },
): Promise<Omit<MeasuredRange, 'excluded'>> {
  const edges = sql`${buckets.map(({ from }) => from.toISOString())}::timestamptz[]`
  const found = await sql<Row>`
    select f.bucket, ${toAggregate(formula)}::float8 as value, count(f.value) as n, count(*) as total
    from (select width_bucket(at, ${edges}) as bucket, value::float8 as value from (${facts}) fact where left_out is null) f
    group by grouping sets ((), (f.bucket))`.execute(db)
  const byBucket = new Map(found.rows.map(({ bucket, ...measured }) => [bucket, measured]))
  return {
    whole: byBucket.get(null) ?? none,
    buckets: buckets.map((_, index) => byBucket.get(index + 1) ?? none),
  }
}

/** How many facts are not counted, for which reason. */
export async function countExcluded(db: Db, facts: RawBuilder<unknown>): Promise<{ reason: string; count: number }[]> {
  const found = await sql<{ reason: string; count: number }>`
    select left_out as reason, count(*) from (${facts}) fact where left_out is not null group by 1 order by 2 desc, 1`.execute(
    db,
  )
  return found.rows
}

/** Since when anything is known of what a scope names, whatever its range; null for nothing. */
export async function findFirstKnown(db: Db, subject: MetricSubject, scope: MetricScope): Promise<Date | null> {
  const facts =
    subject === 'deployment'
      ? sql`select min(f.completed_at) as first from deployment_figures f
        where f.organization_id = ${scope.organizationId}::uuid ${narrowDeployments(scope)}`
      : sql`select min(f.opened_at) as first from pull_request_figures f
        where f.organization_id = ${scope.organizationId}::uuid ${narrow(scope)}`
  const found = await sql<{ first: Date | null }>`${facts}`.execute(db)
  return found.rows[0]?.first ?? null
}

/** How many counted values lie between some ascending edges: below the first from 0 on, from the last without an end. */
export async function countParts(
  db: Db,
  facts: RawBuilder<MetricFact>,
  edges: readonly number[],
): Promise<{ from: number; to: number | null; n: number }[]> {
  const found = await sql<{ part: number; n: number }>`
    select width_bucket(value::float8, ${[...edges]}::float8[]) as part, count(*) as n from (${facts}) fact
    where left_out is null and value is not null group by 1`.execute(db)
  const byPart = new Map(found.rows.map(({ part, n }) => [part, n]))
  return [0, ...edges].map((from, part) => ({ from, to: edges[part] ?? null, n: byPart.get(part) ?? 0 }))
}
