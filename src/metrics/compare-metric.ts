import { type RawBuilder, sql } from 'kysely'
import type { Statistic } from '../domain/delivery/statistics.ts'
import { precedingRange, type TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import { type MetricValue, showMeasured, toFormula } from './answer-metric.ts'
import { aggregateValues, type Measured, narrowSubject, subjectMoments, subjectTables } from './measure.ts'
import { lastingAt } from './measure-ages.ts'
import { isLasting, type Metric, type MetricFact, type MetricScope, type MetricSubject } from './metric.ts'
import { narrow } from './select-pull-requests.ts'

/** That the facts of `teamId` are those of `rowId` too: of itself, and of every team above it. */
export type Belonging = { teamId: string; rowId: string }

/** What figures stand side by side for: each repository, or each team with all below it. */
export type CompareBy = { kind: 'repository' } | { kind: 'team'; belongings: readonly Belonging[] }

/** `timeZone` is a name of the IANA database: the range before is as many of its days. */
export type CompareQuestion = MetricScope & { by: CompareBy; statistic: Statistic; timeZone: string }

export type ComparedValue = MetricValue & { previous: MetricValue }

/** Since when anything is known of each row, by its id. */
export type FirstKnown = ReadonlyMap<string, Date>

type Row = Measured & { key: string; period: 0 | 1 }
const none: Measured = { value: null, n: 0, total: 0 }

/**
 * One metric for every row at once, with the range before, in one statement. Answers a function of a row's id; of one without
 * facts it says what the metric says of nothing.
 */
export async function compareMetric(
  db: Db,
  metric: Metric,
  { firstKnown, ...question }: CompareQuestion & { firstKnown: FirstKnown },
): Promise<(rowId: string) => ComparedValue> {
  const before = precedingRange(question.range, question.timeZone)
  const facts = sql`
    select 0 as period, fact.* from (${factsOf(metric, question)}) fact where left_out is null
    union all select 1, fact.* from (${factsOf(metric, { ...question, range: before })}) fact where left_out is null`
  const found = await sql<Row>`
    select f.key, f.period, (${aggregateValues(toFormula(metric.shape, question.statistic))})::float8 as value,
      count(f.value) as n, count(*) as total
    from (${byRow(facts, metric, question)}) f
    group by f.key, f.period`.execute(db)
  const measured = new Map(found.rows.map((row) => [`${row.key} ${row.period}`, row]))
  const show = (rowId: string, period: 0 | 1, range: TimeRange): MetricValue =>
    showMeasured(metric.shape, measured.get(`${rowId} ${period}`) ?? none, {
      range,
      now: question.now,
      first: firstKnown.get(rowId) ?? null,
    })
  return (rowId) => ({ ...show(rowId, 0, question.range), previous: show(rowId, 1, before) })
}

/** What counts in a range, and of what lasts, what lasted at its end or now. */
function factsOf(metric: Metric, scope: MetricScope): RawBuilder<MetricFact> {
  if (!isLasting(metric)) return metric.facts(scope)
  const moment = scope.range.to < scope.now ? scope.range.to : scope.now
  return lastingAt(metric.facts({ ...scope, range: { from: moment, to: moment } }), moment)
}

/** Facts with the row they belong to; in several teams below one, a fact is that one's once. */
function byRow(
  facts: RawBuilder<unknown>,
  { subject, shape }: Metric,
  { by, organizationId }: CompareQuestion,
): RawBuilder<unknown> {
  const weight = shape === 'weighted_mean' ? sql`, one.weight::float8 as weight` : sql``
  if (by.kind === 'repository')
    return sql`select period, repository_id as key, value::float8 as value ${weight} from (${facts}) one`
  const own =
    subject !== 'pull_request'
      ? sql`team_repository l on l.organization_id = ${organizationId}::uuid and l.repository_id = one.repository_id`
      : sql`pull_request_team l on l.organization_id = ${organizationId}::uuid and l.pull_request_id = one.id`
  return sql`
    select distinct one.period, one.id, b.row_id as key, one.value::float8 as value ${weight} from (${facts}) one
    join ${own} join ${listBelongings(by.belongings)} b on b.team_id = l.team_id`
}

function listBelongings(belongings: readonly Belonging[]): RawBuilder<unknown> {
  return sql`(select unnest(${belongings.map(({ teamId }) => teamId)}::uuid[]) as team_id,
    unnest(${belongings.map(({ rowId }) => rowId)}::uuid[]) as row_id)`
}

/** Since when anything is known of each row, whatever the range: one statement. */
export async function listFirstKnown(
  db: Db,
  subject: MetricSubject,
  { by, ...scope }: Omit<CompareQuestion, 'statistic' | 'timeZone'>,
): Promise<FirstKnown> {
  const { organizationId } = scope
  const moment = subjectMoments[subject]
  const first = sql`select ${moment} as at from ${subjectTables[subject]} f
    where f.organization_id = ${organizationId}::uuid and f.repository_id = r.id ${narrowSubject(subject, scope)}
      and ${moment} is not null
    order by ${moment} limit 1`
  const ofRepositories = sql`select r.id as key, first.at from repository r cross join lateral (${first}) first
    where r.organization_id = ${organizationId}::uuid`
  const found = await sql<{ key: string; at: Date }>`
    ${by.kind === 'repository' ? ofRepositories : ofTeams(subject, scope, { ofRepositories, by })}`.execute(db)
  return new Map(found.rows.map(({ key, at }) => [key, at]))
}

type OfTeams = { ofRepositories: RawBuilder<unknown>; by: { belongings: readonly Belonging[] } }

function ofTeams(subject: MetricSubject, scope: MetricScope, { ofRepositories, by }: OfTeams): RawBuilder<unknown> {
  const { organizationId, repositoryIds, branches, labels } = scope
  const belongings = listBelongings(by.belongings)
  if (subject !== 'pull_request')
    return sql`select b.row_id as key, min(known.at) as at from (${ofRepositories}) known
      join team_repository l on l.organization_id = ${organizationId}::uuid and l.repository_id = known.key
      join ${belongings} b on b.team_id = l.team_id group by 1`
  const isNarrowed = repositoryIds !== undefined || branches !== undefined || labels !== undefined
  if (isNarrowed)
    return sql`select b.row_id as key, min(f.opened_at) as at from pull_request_figures f
      join pull_request_team l on l.organization_id = f.organization_id and l.pull_request_id = f.pull_request_id
      join ${belongings} b on b.team_id = l.team_id
      where f.organization_id = ${organizationId}::uuid ${narrow(scope)} group by 1`
  return sql`select b.row_id as key, min(first.opened_at) as at from ${belongings} b
    cross join lateral (select l.opened_at from pull_request_team l
      where l.organization_id = ${organizationId}::uuid and l.team_id = b.team_id order by l.opened_at limit 1) first
    group by 1`
}
