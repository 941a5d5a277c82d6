import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/db.ts'
import { type Formula, type Measured, toAggregate } from './measure.ts'
import type { LastingFact, MetricFact } from './metric.ts'

type Row = { place: number; value: number | null; n: number }

/** What lasted at each of some moments (ascending), measured by how long it had: in one statement for all of them. */
export async function measureAges(
  db: Db,
  facts: RawBuilder<LastingFact>,
  { moments, formula }: { moments: readonly Date[]; formula: Formula },
): Promise<Measured[]> {
  if (moments.length === 0) return []
  const list = sql`${moments.map((moment) => moment.toISOString())}::timestamptz[]`
  // Of ascending moments, those after a start up to an end: width_bucket counts how many are not later. What begins or
  // ends at a moment has not yet, as the range before it is half-open. Most last at no moment, and go no further.
  const found = await sql<Row>`
    select f.place, ${toAge(formula, sql`(${list})[f.place]`)} as value, count(*) as n
    from (select place, at from (
        select at, width_bucket(at, ${list}) + 1 as first,
          case when until is null then ${moments.length}::int else width_bucket(until, ${list}) end as last
        from (${facts}) fact where left_out is null offset 0) lasting
      cross join lateral generate_series(first, last) as place
      where first <= last) f
    group by f.place`.execute(db)
  const byPlace = new Map(found.rows.map((row) => [row.place, row]))
  return moments.map((_, index) => {
    const { value = null, n = 0 } = byPlace.get(index + 1) ?? {}
    return { value, n, total: n }
  })
}

/** The formula of ages at a moment: who began last is youngest, so that only what was picked is subtracted. */
function toAge(formula: Formula, moment: RawBuilder<unknown>): RawBuilder<number | null> {
  const since = (at: RawBuilder<unknown>) => sql<number | null>`extract(epoch from ${moment} - ${at})::float8`
  if (formula === 'count') return sql`count(*)::float8`
  if (formula === 'mean') return sql`extract(epoch from avg(${moment} - f.at))::float8`
  return toAggregate(formula, sql`f.at desc`, since)
}

/** What lasts at a moment, as facts whose value is how many seconds it has lasted. */
export function lastingAt(facts: RawBuilder<LastingFact>, moment: Date): RawBuilder<MetricFact> {
  return sql<MetricFact>`
    select id, repository_id, at, extract(epoch from ${moment}::timestamptz - at)::float8 as value, left_out from (${facts}) lasting
    where at < ${moment} and (until is null or until >= ${moment})`
}
