import { type RawBuilder, sql } from 'kysely'
import { mergeSorted, type SortedValues, type Statistic, summariseSorted } from '../domain/delivery/statistics.ts'
import type { Db } from '../store/db.ts'
import type { Formula, Measured } from './measure.ts'
import type { LastingFact, MetricFact } from './metric.ts'

/**
 * Beginnings in ascending seconds since 1970: of what lasts at the last moment, and so at every moment after it began; and
 * of what had ended by then, each with the first and the last moment's place (from 1) at which it lasted.
 */
type Lasting = { staying: number[]; passing: number[]; firsts: number[]; lasts: number[] }

/**
 * What lasted at each of some moments (ascending), measured by how long it had: in one statement for all of them. Most that
 * lasts does so at many moments; it is read once, and found at each by where it stands among the others.
 */
export async function measureAges(
  db: Db,
  facts: RawBuilder<LastingFact>,
  { moments, formula }: { moments: readonly Date[]; formula: Formula },
): Promise<Measured[]> {
  if (moments.length === 0) return []
  const list = sql`${moments.map((moment) => moment.toISOString())}::timestamptz[]`
  // Of ascending moments, those after a start up to an end: width_bucket counts how many are not later. What begins or
  // ends at a moment has not yet, as the range before it is half-open. Most last at no moment, and go no further.
  const found = await sql<Lasting>`
    with lasting as materialized (
      select date_part('epoch', at) as at, first, last from (
        select at, width_bucket(at, ${list}) + 1 as first,
          case when until is null then ${moments.length}::int else width_bucket(until, ${list}) end as last
        from (${facts}) fact where left_out is null offset 0) placed
      where first <= last order by at)
    select coalesce(array_agg(at) filter (where last = ${moments.length}::int), '{}') as staying,
      coalesce(array_agg(at) filter (where last < ${moments.length}::int), '{}') as passing,
      coalesce(array_agg(first) filter (where last < ${moments.length}::int), '{}') as firsts,
      coalesce(array_agg(last) filter (where last < ${moments.length}::int), '{}') as lasts
    from lasting`.execute(db)
  const [lasting] = found.rows
  return moments.map((moment, index) => measureAt(moment, lasting && lastingThen(lasting, index + 1, moment), formula))
}

/** The beginnings of what lasts at the moment in that place. */
function lastingThen({ staying, passing, firsts, lasts }: Lasting, place: number, moment: Date): SortedValues {
  const then = passing.filter((_, index) => (firsts[index] ?? Infinity) <= place && place <= (lasts[index] ?? 0))
  const later = staying.findIndex((at) => at >= moment.getTime() / 1000)
  return mergeSorted(staying, then, later < 0 ? staying.length : later)
}

function measureAt(moment: Date, begun: SortedValues | undefined, formula: Formula): Measured {
  const n = begun?.length ?? 0
  if (begun === undefined || n === 0) return { value: null, n: 0, total: 0 }
  // Who began last is youngest.
  const ages = { length: n, at: (index: number) => moment.getTime() / 1000 - begun.at(n - 1 - index) }
  return { value: formula === 'count' ? n : summariseSorted(ages, toStatistic(formula)), n, total: n }
}

function toStatistic(formula: Formula): Statistic {
  if (formula === 'weighted_mean' || formula === 'sum' || formula === 'count') throw new Error('An age is a statistic.')
  return formula
}

/** What lasts at a moment, as facts whose value is how many seconds it has lasted. */
export function lastingAt(facts: RawBuilder<LastingFact>, moment: Date): RawBuilder<MetricFact> {
  return sql<MetricFact>`
    select id, repository_id, at, date_part('epoch', ${moment}::timestamptz - at) as value, left_out from (${facts}) lasting
    where at < ${moment} and (until is null or until >= ${moment})`
}
