import type { MetricAnswer, MetricInfo, MetricRow } from '../../../contract/delivery/metrics.ts'
import type { Statistic } from '../../domain/delivery/statistics.ts'
import type { Interval } from '../../domain/delivery/time-buckets.ts'
import { isTimeZone } from '../../domain/sla/local-days.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { answerMetric, hasStatistic } from '../../metrics/answer-metric.ts'
import { listMetricRows } from '../../metrics/list-metric-rows.ts'
import { metrics } from '../../metrics/registry.ts'
import type { Db } from '../../store/db.ts'
import { parseTimePage, splitTimePage } from '../sync/time-cursor.ts'
import { readScope, requireMetric, type ScopeQuery } from './metric-scope.ts'

type Deps = { db: Db; clock: Clock }
type Asked = { organizationId: string; key: string }

/** Every figure that can be asked for, in the order it is shown. */
export function listMetricInfos(): MetricInfo[] {
  return metrics.map(({ key, title, description, unit, shape, subject, group, goal, hasBusinessHours = false }) => {
    return { key, title, description, unit, shape, subject, group, goal, has_business_hours: hasBusinessHours }
  })
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
    },
): Promise<MetricAnswer> {
  const { key, interval = 'week', time_zone: timeZone = 'UTC', compare } = input
  const metric = requireMetric(key)
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  if (input.statistic !== undefined && !hasStatistic(metric.shape))
    throw new AppError('validation_failed', `statistic: “${metric.title}” has none to choose.`)
  const statistic = input.statistic ?? metric.usualStatistic ?? 'median'
  const scope = await readScope(deps, metric, input)
  const asked = { ...scope, interval, timeZone, statistic, isCompared: compare === 'true' }
  const { buckets, ...answer } = await answerMetric(deps.db, metric, asked)
  return {
    key,
    unit: metric.unit,
    statistic: hasStatistic(metric.shape) ? statistic : null,
    from: scope.range.from.toISOString(),
    to: scope.range.to.toISOString(),
    ...answer,
    buckets: buckets.map(({ from, to, ...shown }) => ({ from: from.toISOString(), to: to.toISOString(), ...shown })),
  }
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
  const items = shown.map(({ repositoryId, repositoryName, webUrl, at, ...row }) => ({
    ...row,
    kind: metric.subject,
    repository: { id: repositoryId, name: repositoryName },
    web_url: webUrl,
    at: at.toISOString(),
  }))
  return { items, next }
}
