import { type RawBuilder, sql } from 'kysely'
import type { Statistic } from '../domain/delivery/statistics.ts'
import type { TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import type { MetricFact, MetricScope, MetricSubject } from './metric.ts'
import { narrowPipelines } from './pipelines/select-pipelines.ts'
import { narrow, narrowDeployments } from './select-pull-requests.ts'

/** How values become one number in SQL: a statistic, how many there are, or their sum. */
export type Formula = Statistic | 'weighted_mean' | 'count' | 'sum'

/** `n` facts with a value made `value`, of `total` that belong here; `value` is null for none. */
export type Measured = { value: number | null; n: number; total: number }

/** A range as a whole and bucket by bucket, and what is not counted for which reason. */
export type MeasuredRange = {
  whole: Measured
  buckets: readonly Measured[]
  excluded: { reason: string; count: number }[]
}

// Nearest rank is PostgreSQL's percentile_disc: two of them, a hair apart, are the middle two of an even number and the
// same one of an odd number. Of whole numbers it sorts faster than percentile_cont, which knows floating point alone.
const middles = sql`array[0.5, 0.500000001]::float8[]`

/** The SQL of a formula over a column of counted facts, `order` being how it is sorted; null for none. */
export function toAggregate(
  formula: Formula,
  order: RawBuilder<unknown>,
  toNumber: ToNumber,
): RawBuilder<number | null> {
  switch (formula) {
    case 'median': {
      const both = sql`percentile_disc(${middles}) within group (order by ${order})`
      return sql`(${toNumber(sql`(${both})[1]`)} + ${toNumber(sql`(${both})[2]`)}) / 2`
    }
    case 'p75':
      return toNumber(sql`percentile_disc(0.75) within group (order by ${order})`)
    case 'p90':
      return toNumber(sql`percentile_disc(0.9) within group (order by ${order})`)
    case 'mean':
    case 'weighted_mean':
    case 'count':
    case 'sum':
      throw new Error('A mean, a count and a sum need no order.')
    default: {
      const unheard: never = formula
      return unheard
    }
  }
}

/** How what a percentile picked becomes a number of floating point. */
type ToNumber = (picked: RawBuilder<unknown>) => RawBuilder<number | null>

/** Of facts that have a value. */
const weightOfValues = sql<number | null>`sum(weight) filter (where value is not null)`

/** The SQL of a formula over `value` of counted facts, whichever it is. */
export function aggregateValues(formula: Formula): RawBuilder<number | null> {
  if (formula === 'count') return sql`count(value)`
  if (formula === 'mean') return sql`avg(value)`
  if (formula === 'sum') return sql`sum(value)`
  if (formula === 'weighted_mean') return sql`sum(value * weight) / nullif(${weightOfValues}, 0)`
  return toAggregate(formula, sql`value`, (picked) => sql`(${picked})::float8`)
}

type Row = { sum: number | null; weight: number | null; value: number | null; n: number; total: number }

// A sum is that of 0 and 1, or of seconds: exact in floating point far beyond any number of facts.
/** The columns of `Row` over `value`; a formula that can be told from sums has no value of its own. */
function summarize(formula: Formula): RawBuilder<Row> {
  const value = isAdditive(formula)
    ? sql`null::float8`
    : toAggregate(formula, sql`value`, (picked) => sql`(${picked})::float8`)
  return sql<Row>`${sumOf(formula)} as sum, ${formula === 'weighted_mean' ? weightOfValues : sql`null`}::float8 as weight, ${value} as value, count(value) as n, count(*) as total`
}

function sumOf(formula: Formula): RawBuilder<number | null> {
  if (formula === 'weighted_mean') return sql`sum(value * weight)::float8`
  return formula === 'mean' || formula === 'sum' ? sql`sum(value)::float8` : sql`null::float8`
}

/** Whether the number of a whole follows from those of its parts. */
function isAdditive(formula: Formula): formula is 'mean' | 'weighted_mean' | 'count' | 'sum' {
  return formula === 'mean' || formula === 'weighted_mean' || formula === 'count' || formula === 'sum'
}

function toMeasured({ sum, weight, value, n, total }: Row, formula: Formula): Measured {
  if (formula === 'weighted_mean') return { value: sum === null || !weight ? null : sum / weight, n, total }
  if (formula === 'count') return { value: n, n, total }
  if (formula === 'sum') return { value: sum, n, total }
  return { value: formula === 'mean' && sum !== null ? sum / n : value, n, total }
}

/**
 * Facts (id, at, value, left_out) measured as a whole and bucket by bucket: each bucket is a range of the facts' index,
 * so that nothing is sorted to be parted. A percentile of the whole takes a statement of its own.
 */
export async function measureFacts(
  db: Db,
  facts: RawBuilder<MetricFact>,
  { buckets, formula }: { buckets: readonly TimeRange[]; formula: Formula },
): Promise<Omit<MeasuredRange, 'excluded'>> {
  const [rows, whole] = await Promise.all([
    formula === 'weighted_mean'
      ? measureAtOnce(db, facts, { buckets, formula })
      : measureBuckets(db, facts, { buckets, formula }),
    isAdditive(formula) ? undefined : measureWhole(db, facts, formula),
  ])
  const measured = rows.map((row) => toMeasured(row, formula))
  return { whole: whole ?? toMeasured(rows.reduce(addRows, nothing), formula), buckets: measured }
}

async function measureBuckets(
  db: Db,
  facts: RawBuilder<MetricFact>,
  { buckets, formula }: { buckets: readonly TimeRange[]; formula: Formula },
): Promise<Row[]> {
  const froms = sql`${buckets.map(({ from }) => from.toISOString())}::timestamptz[]`
  const ends = sql`${buckets.map(({ to }) => to.toISOString())}::timestamptz[]`
  const found = await sql<Row>`
    select measured.* from unnest(${froms}, ${ends}) with ordinality as bucket (starts, ends, place)
    cross join lateral (select ${summarize(formula)} from (${facts}) fact
      where left_out is null and at >= bucket.starts and at < bucket.ends) measured
    order by bucket.place`.execute(db)
  return found.rows
}

/** The same for facts that take more than an index to find: all of them once, each added to its bucket. */
async function measureAtOnce(
  db: Db,
  facts: RawBuilder<MetricFact>,
  { buckets, formula }: { buckets: readonly TimeRange[]; formula: Formula },
): Promise<Row[]> {
  const froms = sql`${buckets.map(({ from }) => from.toISOString())}::timestamptz[]`
  const found = await sql<Row & { place: number }>`
    select width_bucket(at, ${froms}) as place, ${summarize(formula)} from (${facts}) fact
    where left_out is null and at >= ${buckets[0]?.from} and at < ${buckets.at(-1)?.to} group by 1`.execute(db)
  const byPlace = new Map(found.rows.map(({ place, ...row }) => [place, row]))
  return buckets.map((_bucket, index) => byPlace.get(index + 1) ?? nothing)
}

/** Facts measured as one. */
export async function measureWhole(db: Db, facts: RawBuilder<MetricFact>, formula: Formula): Promise<Measured> {
  const found = await sql<Row>`select ${summarize(formula)} from (${facts}) fact where left_out is null`.execute(db)
  return toMeasured(found.rows[0] ?? nothing, formula)
}

const nothing: Row = { sum: null, weight: null, value: null, n: 0, total: 0 }

function addRows(one: Row, other: Row): Row {
  const [sum, weight] = [add(one.sum, other.sum), add(one.weight, other.weight)]
  return { sum, weight, value: null, n: one.n + other.n, total: one.total + other.total }
}

/** Nothing and nothing is nothing, not 0. */
function add(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0)
}

/** How many facts are not counted, for which reason. */
export async function countExcluded(db: Db, facts: RawBuilder<unknown>): Promise<{ reason: string; count: number }[]> {
  const found = await sql<{ reason: string; count: number }>`
    select left_out as reason, count(*) from (${facts}) fact where left_out is not null group by 1 order by 2 desc, 1`.execute(
    db,
  )
  return found.rows
}

/** Where the subjects of metrics are, as `f`, and by which moment they are known. */
export const subjectTables: Record<MetricSubject, RawBuilder<unknown>> = {
  pull_request: sql`pull_request_figures`,
  deployment: sql`deployment_figures`,
  incident: sql`incident`,
  vulnerability: sql`vulnerability_figures`,
  pipeline: sql`pipeline`,
}
export const subjectMoments: Record<MetricSubject, RawBuilder<Date>> = {
  pull_request: sql`f.opened_at`,
  deployment: sql`f.completed_at`,
  incident: sql`f.began_at`,
  vulnerability: sql`f.opened_at`,
  pipeline: sql`f.completed_at`,
}

/** The filters of a scope, for `f` of a subject: only pull requests and pipelines have a branch. */
export function narrowSubject(subject: MetricSubject, scope: MetricScope): RawBuilder<unknown> {
  if (subject === 'pipeline') return narrowPipelines(scope)
  return subject === 'pull_request' ? narrow(scope) : narrowDeployments(scope)
}

/** Since when anything is known of what a scope names, whatever its range; null for nothing. */
export async function findFirstKnown(db: Db, subject: MetricSubject, scope: MetricScope): Promise<Date | null> {
  const facts = sql`select min(${subjectMoments[subject]}) as first from ${subjectTables[subject]} f
    where f.organization_id = ${scope.organizationId}::uuid ${narrowSubject(subject, scope)}`
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
