import type { RawBuilder } from 'kysely'
import type { Statistic } from '../domain/delivery/statistics.ts'
import type { TimeRange } from '../domain/delivery/time-buckets.ts'

/** What a value is: whole seconds, pieces, pieces a day, a share from 0 to 1, or changed lines. */
export type MetricUnit = 'seconds' | 'count' | 'per_day' | 'ratio' | 'lines'

/** What facts are of: the rows behind a number. Only pull requests and pipelines have a branch to be narrowed by. */
export type MetricSubject = 'pull_request' | 'deployment' | 'pipeline' | 'incident' | 'vulnerability'

/**
 * How the facts of a range become one number. `distribution`: a statistic of their values. `ratio`: the share of facts
 * whose value is 1 among those of 0 and 1. `mean`: the mean of their values. `weighted_mean`: the same, each counting as much as its `weight`. `count`: how many facts have a value; 0 once
 * anything is known. `rate`: the same by day, as far as the range has gone by. `total`: the sum of their values; 0 once
 * anything is known. `age`: a statistic of how long those have lasted that last at the end of the range, or now where
 * that is earlier. `backlog`: how many last then.
 */
export type MetricShape =
  | 'distribution'
  | 'ratio'
  | 'mean'
  | 'weighted_mean'
  | 'count'
  | 'rate'
  | 'total'
  | 'age'
  | 'backlog'

export const metricGroups = ['dora', 'flow', 'reviews', 'health', 'security', 'pipelines'] as const
export type MetricGroup = (typeof metricGroups)[number]

/** Whether a text names a group; what the database holds may be older than the list. */
export function isMetricGroup(text: string): text is MetricGroup {
  return metricGroups.some((group) => group === text)
}

/**
 * Whether less or more is better, and the value to reach in the metric's unit; null where there is none. What misses the
 * target and not `amber` is tolerable. An organization may set others.
 */
export type MetricGoal = { direction: 'lower' | 'higher' | 'none'; target: number | null; amber?: number }

/** Whose facts, and of when. The range is half-open; `repositoryIds` and `branches` undefined: all of them. */
export type MetricScope = {
  organizationId: string
  repositoryIds: readonly string[] | undefined
  /** Names of the branches pull requests go into. */
  branches: readonly string[] | undefined
  /** Of vulnerabilities; all where it is left out. Others have none. */
  severities?: readonly string[] | undefined
  /** A pull request of any of these labels; undefined: of all. */
  labels?: readonly string[] | undefined
  /** Some teams and all below them; undefined: everybody's. */
  teamIds?: readonly string[] | undefined
  /** Whether durations run on through nights and holidays, as where it is not told, or in team hours alone. */
  hours?: 'all' | 'business' | undefined
  range: TimeRange
  now: Date
}

/** One subject's part in a figure, and the repository it is in. `value` null: it belongs here and has none. `leftOut` not null: why it is not counted. */
export type MetricFact = {
  id: string
  repository_id: string
  at: Date
  value: number | null
  left_out: string | null
  /** Of a `weighted_mean`, and of no other: 0 or more. */
  weight?: number
}

/** As long as something lasts: from `at` until `until`, where null is for ever. */
export type LastingFact = {
  id: string
  repository_id: string
  at: Date
  until: Date | null
  left_out: string | null
}

/** What every metric says of itself. `key` is its name in the API and never changes. */
export type MetricInfo = {
  key: string
  title: string
  /** One sentence for people: from what to what, and what stays out. */
  description: string
  unit: MetricUnit
  subject: MetricSubject
  group: MetricGroup
  /** Shown where nobody chooses another; the median where it is left out. */
  usualStatistic?: Statistic
  goal: MetricGoal
  /** Whether its facts follow `hours`. */
  hasBusinessHours?: boolean
  /** Where values are parted to be counted, ascending in the metric's unit: below the first, from each on. */
  parts?: readonly number[]
}

/**
 * One figure. `facts` is a select that gives a row for each subject of the scope, at the moment by which it belongs to
 * the range, fenced by the organization and answered from an index; the formula is its shape's.
 */
export type Metric = MomentaryMetric | LastingMetric

/** Of things that happened: each is one fact, at its moment. */
export type MomentaryMetric = MetricInfo & {
  shape: 'distribution' | 'ratio' | 'mean' | 'weighted_mean' | 'count' | 'rate' | 'total'
  facts: (scope: MetricScope) => RawBuilder<MetricFact>
}

/** Of things that last: measured at moments. */
export type LastingMetric = MetricInfo & {
  shape: 'age' | 'backlog'
  facts: (scope: MetricScope) => RawBuilder<LastingFact>
}

/** Whether a metric measures what lasts at moments, and not what happened in a range. */
export function isLasting(metric: Metric): metric is LastingMetric {
  return isLastingShape(metric.shape)
}

export function isLastingShape(shape: MetricShape): boolean {
  return shape === 'age' || shape === 'backlog'
}
