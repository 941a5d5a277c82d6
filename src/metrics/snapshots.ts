import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/db.ts'
import { isLasting, isLastingShape, type Metric, type MetricFact, type MetricScope } from './metric.ts'

/**
 * Whether days of a metric are kept: of pull requests and deployments alone, whose changes say which past days they touch.
 * What becomes known of a vulnerability does not: a first link makes other work of all that was ever reviewed beside it. Nor
 * does a deployment that is told late: what waited for it did not on any day since the merge.
 */
export function isKept({ subject, group, shape }: Pick<Metric, 'subject' | 'group' | 'shape'>): boolean {
  if (group === 'security' || (group === 'dora' && isLastingShape(shape))) return false
  return subject === 'pull_request' || subject === 'deployment'
}

type Taking = { organizationId: string; days: readonly string[]; now: Date }

const dayMs = 24 * 3600_000
const startOf = (day: string) => new Date(`${day}T00:00:00Z`)

/**
 * Takes what a metric shows of some UTC days (like 2026-05-20, ascending, all over), each repository apart, in one
 * statement: a new version where it is not what the newest one says, nothing where it is. Answers how many were new.
 */
export async function takeSnapshots(tx: Db, metric: Metric, { organizationId, days, now }: Taking): Promise<number> {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return 0
  const range = { from: startOf(first), to: new Date(startOf(last).getTime() + dayMs) }
  const scope = { organizationId, repositoryIds: undefined, branches: undefined, now }
  const list = sql`${[...days]}::date[]`
  const table = sql.ref(metric.subject === 'deployment' ? 'deployment' : 'pull_request')
  const isWeighted = metric.shape === 'weighted_mean'
  const mine = sql`organization_id = ${organizationId}::uuid`
  const done = await sql`
    with fact as (${selectOfDays(metric, { scope, range, list })}),
    part as (
      select p.repository_id, fact.day, fact.left_out, count(*) as n,
        array_agg(fact.value order by fact.value, fact.weight) filter (where fact.value is not null) as "values",
        array_agg(fact.weight order by fact.value, fact.weight) filter (where fact.value is not null) as weights
      from fact join ${table} p on p.${mine} and p.id = fact.id where fact.day = any(${list}) group by 1, 2, 3),
    taken as (
      select repository_id, day, coalesce(max("values") filter (where left_out is null), '{}') as "values",
        ${isWeighted ? sql`coalesce(max(weights) filter (where left_out is null), '{}')` : sql`null::float8[]`} as weights,
        coalesce(sum(n) filter (where left_out is null), 0)::int as total,
        coalesce(jsonb_object_agg(left_out, n) filter (where left_out is not null), '{}') as left_out
      from part group by 1, 2),
    newest as (
      select distinct on (day, repository_id) day, repository_id, version, "values", weights, total, left_out from metric_snapshot
      where ${mine} and metric_key = ${metric.key} and day = any(${list}) order by day, repository_id, version desc)
    insert into metric_snapshot
      (organization_id, metric_key, day, repository_id, version, taken_at, "values", weights, total, left_out)
    select ${organizationId}::uuid, ${metric.key}, day, repository_id, coalesce(n.version, 0) + 1, ${now},
      coalesce(t."values", '{}'), ${isWeighted ? sql`coalesce(t.weights, '{}')` : sql`null`}, coalesce(t.total, 0),
      coalesce(t.left_out, '{}')
    from taken t full join newest n using (day, repository_id)
    where (coalesce(t."values", '{}'), coalesce(t.weights, '{}'), coalesce(t.total, 0), coalesce(t.left_out, '{}'))
      is distinct from (coalesce(n."values", '{}'), coalesce(n.weights, '{}'), coalesce(n.total, 0), coalesce(n.left_out, '{}'))`.execute(
    tx,
  )
  return Number(done.numAffectedRows ?? 0)
}

type Days = { scope: Omit<MetricScope, 'range'>; range: MetricScope['range']; list: RawBuilder<unknown> }

/** Facts by the day they belong to; of what lasts, all that lasts at the day's end. */
function selectOfDays(metric: Metric, { scope, range, list }: Days): RawBuilder<unknown> {
  if (!isLasting(metric))
    return sql`select id, (at at time zone 'UTC')::date as day, value::float8 as value, left_out,
        ${metric.shape === 'weighted_mean' ? sql`weight` : sql`null`}::float8 as weight
      from (${metric.facts({ ...scope, range })}) momentary`
  const facts = metric.facts({ ...scope, range: { from: new Date(range.from.getTime() + dayMs), to: range.to } })
  return sql`
    select lasting.id, d.day, extract(epoch from d.over_at - lasting.at)::float8 as value, lasting.left_out,
      null::float8 as weight
    from (${facts}) lasting
    join (select day, (day + 1)::timestamp at time zone 'UTC' as over_at from unnest(${list}) as day) d
      on lasting.at < d.over_at and (lasting.until is null or lasting.until >= d.over_at)`
}

/** Whose snapshots, of which days: `from` to before `to`, both like 2026-05-20, as they were known before a moment. */
export type KeptScope = {
  organizationId: string
  repositoryIds: readonly string[] | undefined
  /** Only these, where it is told. */
  days?: readonly string[]
  from: string
  to: string
  knownBefore: Date
}

/** What was kept, as facts at the beginning of their days; their ids are not kept. */
export function selectKept({ key }: Metric, scope: KeptScope): RawBuilder<MetricFact> {
  const { organizationId, repositoryIds, days, from, to, knownBefore } = scope
  const ofRepositories =
    repositoryIds === undefined ? sql`` : sql`and repository_id = any(${[...repositoryIds]}::uuid[])`
  const ofDays = days === undefined ? sql`` : sql`and day = any(${[...days]}::date[])`
  return sql<MetricFact>`
    select null::uuid as id, kept.day::timestamp at time zone 'UTC' as at, part.value, part.left_out, part.weight
    from (select distinct on (day, repository_id) day, "values", weights, total, left_out from metric_snapshot
      where organization_id = ${organizationId}::uuid and metric_key = ${key} and day >= ${from}::date
        and day < ${to}::date and taken_at < ${knownBefore} ${ofRepositories} ${ofDays}
      order by day, repository_id, version desc) kept
    cross join lateral (
      select value, null::text as left_out, weight from unnest(kept."values", kept.weights) as kept_value (value, weight)
      union all select null, null, null from generate_series(1, kept.total - cardinality(kept."values"))
      union all select null, reason.key, null from jsonb_each_text(kept.left_out) reason, generate_series(1, reason.value::int)
    ) part`
}

/** The first day of which anything of some metrics was kept before a moment; null for none. */
export async function findFirstKept(
  db: Db,
  keys: readonly string[],
  { organizationId, repositoryIds, knownBefore }: Omit<KeptScope, 'from' | 'to'>,
): Promise<Date | null> {
  const narrowed = repositoryIds === undefined ? sql`` : sql`and repository_id = any(${[...repositoryIds]}::uuid[])`
  const found = await sql<{ first: Date | null }>`
    select min(day)::timestamp at time zone 'UTC' as first from metric_snapshot
    where organization_id = ${organizationId}::uuid and metric_key = any(${[...keys]}::text[])
      and taken_at < ${knownBefore} ${narrowed}`.execute(db)
  return found.rows[0]?.first ?? null
}
