import type { MetricAnswer, MetricInfo, MetricRow } from '../../../contract/delivery/metrics.ts'
import { findGoal, rateByGoal } from '../../domain/delivery/rate-by-goal.ts'
import type { Statistic } from '../../domain/delivery/statistics.ts'
import type { Interval } from '../../domain/delivery/time-buckets.ts'
import { isTimeZone } from '../../domain/sla/local-days.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { answerAsOf } from '../../metrics/answer-as-of.ts'
import {
  type MetricAnswer as Answer,
  answerMetric,
  hasStatistic,
  type MetricQuestion,
  usualStatisticOf,
} from '../../metrics/answer-metric.ts'
import { listMetricRows } from '../../metrics/list-metric-rows.ts'
import type { Metric } from '../../metrics/metric.ts'
import { metrics } from '../../metrics/registry.ts'
import { isKept } from '../../metrics/snapshots.ts'
import type { Db } from '../../store/db.ts'
import { listGoals } from '../../store/delivery/goals.ts'
import { parseTimePage, splitTimePage } from '../sync/time-cursor.ts'
import { ownGoal } from './goals/metric-goals.ts'
import { readScope, requireMetric, type ScopeQuery } from './metric-scope.ts'

type Deps = { db: Db; clock: Clock }
type Asked = { organizationId: string; key: string }

/** Every figure that can be asked for, in the order it is shown. */
export function listMetricInfos(): MetricInfo[] {
  return metrics.map(
    ({ key, title, description, unit, shape, subject, group, hasBusinessHours = false, ...metric }) => {
      const { direction, target } = metric.goal
      const goal = { direction, target }
      return { key, title, description, unit, shape, subject, group, goal, has_business_hours: hasBusinessHours }
    },
  )
}

/** One figure. Throws `not_found` for no metric, `validation_failed` for what cannot be asked of it. */
export async function getMetric(
  deps: Deps,
  input: Asked &
    ScopeQuery & {
      interval?: Interval | undefined
      statistic?: Statistic | undefined
      time_zone?: string | undefined
      compare?: 'true' | 'false' | undefined
      as_of?: string | undefined
    },
): Promise<MetricAnswer> {
  const { key, interval = 'week', time_zone: timeZone = 'UTC', compare } = input
  const metric = requireMetric(key)
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  if (input.statistic !== undefined && !hasStatistic(metric.shape))
    throw new AppError('validation_failed', `statistic: “${metric.title}” has none to choose.`)
  const statistic = input.statistic ?? usualStatisticOf(metric)
  const scope = await readScope(deps, metric, input.as_of === undefined ? input : { to: input.as_of, ...input })
  const asked = { ...scope, interval, timeZone, statistic, isCompared: compare === 'true' }
  const { buckets, ...answer } =
    input.as_of === undefined
      ? await answerMetric(deps.db, metric, asked)
      : await repeatReport(deps.db, metric, { ...asked, asOf: new Date(input.as_of) })
  const rate = await createRating(deps.db, metric, { organizationId: input.organizationId, statistic })
  return {
    key,
    unit: metric.unit,
    statistic: hasStatistic(metric.shape) ? statistic : null,
    from: scope.range.from.toISOString(),
    to: scope.range.to.toISOString(),
    as_of: input.as_of ?? null,
    ...answer,
    ...rate(answer, scope.range),
    buckets: buckets.map(({ from, to, ...shown }) => ({
      from: from.toISOString(),
      to: to.toISOString(),
      ...shown,
      ...rate(shown, { to }),
    })),
  }
}

/** Rates values by the goal that was in force at the end of their range. A goal is of the usual statistic, where there is a choice. */
async function createRating(
  db: Db,
  metric: Metric,
  { organizationId, statistic }: { organizationId: string; statistic: Statistic },
) {
  const dated = await listGoals(db, { organizationId, key: metric.key })
  return ({ value }: { value: number | null }, range: { to: Date }) => {
    const goal = statistic === usualStatisticOf(metric) ? findGoal(dated, range, ownGoal(metric)) : null
    return { goal, rating: rateByGoal(value, goal, metric.goal.direction) }
  }
}

const dayMs = 24 * 3600_000

/** A report as it was shown. Days are kept by UTC and repository: nothing finer can be asked of them. */
async function repeatReport(db: Db, metric: Metric, asked: MetricQuestion & { asOf: Date }): Promise<Answer> {
  const { from, to } = asked.range
  if (!isKept(metric)) throw new AppError('validation_failed', `as_of: days of “${metric.title}” are not kept.`)
  const { branches, labels, teamIds, hours = 'all', timeZone } = asked
  const isNarrowed = [branches, labels, teamIds].some((filter) => filter !== undefined)
  if (isNarrowed || hours !== 'all' || timeZone !== 'UTC')
    throw new AppError('validation_failed', 'as_of: reports are kept by UTC days and repository, and no finer.')
  if (from.getTime() % dayMs !== 0 || to.getTime() % dayMs !== 0 || to > asked.asOf)
    throw new AppError('validation_failed', 'as_of: the range is of whole UTC days before that day.')
  const answer = await answerAsOf(db, metric, asked)
  if (answer === undefined) throw new AppError('not_found', `Nothing of “${metric.title}” had been kept by then.`)
  return answer
}

/** The rows behind a figure, latest first. Throws as `getMetric`. */
export async function getMetricRows(
  deps: Deps,
  input: Asked & ScopeQuery & { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: MetricRow[]; next: string | null }> {
  const metric = requireMetric(input.key)
  const { after, limit } = parseTimePage(input)
  const scope = await readScope(deps, metric, input)
  const place = after === undefined ? null : { at: new Date(after.at), id: after.id }
  const rows = await listMetricRows(deps.db, metric, { ...scope, after: place, limit: limit + 1 })
  const { shown, next } = splitTimePage(rows, limit, ({ at }) => at)
  const items = shown.map(({ id, number, title, value, flags, repositoryId, repositoryName, webUrl, at }) => ({
    kind: metric.subject,
    id,
    number,
    title,
    value,
    flags,
    repository: { id: repositoryId, name: repositoryName },
    web_url: webUrl,
    at: at.toISOString(),
  }))
  return { items, next }
}
