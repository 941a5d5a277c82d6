import type { RawBuilder } from 'kysely'
import { leastValues, type Statistic } from '../domain/delivery/statistics.ts'
import { type Interval, listBuckets, precedingRange, type TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import {
  countExcluded,
  countParts,
  type Formula,
  findFirstKnown,
  type Measured,
  measureFacts,
  measureWhole,
} from './measure.ts'
import { lastingAt, measureAges } from './measure-ages.ts'
import { isLasting, type Metric, type MetricFact, type MetricScope, type MetricShape } from './metric.ts'

export type MetricQuestion = MetricScope & {
  interval: Interval
  timeZone: string
  statistic: Statistic
  isCompared: boolean
}

/** One number with how many facts made it. `value` null: nothing is known, or of too few to show a statistic. */
export type MetricValue = { value: number | null; n: number }

export type MetricAnswer = MetricValue & {
  /** Of `total` that belong here, `counted` have a value. */
  coverage: { counted: number; total: number }
  excluded: { reason: string; count: number }[]
  previous: MetricValue | null
  buckets: (TimeRange & MetricValue)[]
  /** How many values lie between the metric's edges, `from` belonging to each; null for a metric without them. */
  parts: { from: number; to: number | null; n: number }[] | null
}

/** Whether a statistic can be chosen for a shape. */
export function hasStatistic(shape: MetricShape): boolean {
  return shape === 'distribution' || shape === 'age'
}

/** What a metric is shown as where nobody chose another statistic. */
export function usualStatisticOf({ usualStatistic = 'median' }: Pick<Metric, 'usualStatistic'>): Statistic {
  return usualStatistic
}

/** Answers one metric for a range, its buckets and, where wanted, the range before. No data is null, never 0. */
export async function answerMetric(db: Db, metric: Metric, question: MetricQuestion): Promise<MetricAnswer> {
  const buckets = listBuckets(question.range, question.interval, question.timeZone)
  const before = precedingRange(question.range, question.timeZone)
  const [shown, { whole, byBucket, excluded, parts }, previous] = await Promise.all([
    createShow(db, metric, question),
    measure(db, metric, { question, buckets }),
    question.isCompared ? measurePrevious(db, metric, { question, before }) : undefined,
  ])
  return {
    ...shown(whole, question.range),
    coverage: { counted: whole.n, total: whole.total },
    excluded,
    previous: previous === undefined ? null : shown(previous, before),
    buckets: buckets.map((bucket, index) => ({ ...bucket, ...shown(byBucket[index] ?? none, bucket) })),
    parts,
  }
}

const dayMs = 24 * 3600_000
const none: Measured = { value: null, n: 0, total: 0 }

type Measuring = { question: MetricQuestion; buckets: readonly TimeRange[] }

async function measure(db: Db, metric: Metric, { question, buckets }: Measuring) {
  const formula = toFormula(metric.shape, question.statistic)
  if (!isLasting(metric)) {
    const facts = metric.facts(question)
    const [measured, rest] = await Promise.all([
      measureFacts(db, facts, { buckets, formula }),
      measureRest(db, metric, facts),
    ])
    return { whole: measured.whole, byBucket: measured.buckets, ...rest }
  }
  const moments = momentsOf(buckets, question.now)
  const [from, to] = [moments[0], moments.at(-1)]
  if (from === undefined || to === undefined) return { whole: none, byBucket: [], excluded: [], parts: null }
  const lasting = lastingAt(metric.facts({ ...question, range: { from: to, to } }), to)
  const [byBucket, rest] = await Promise.all([
    measureAges(db, metric.facts({ ...question, range: { from, to } }), { moments, formula }),
    measureRest(db, metric, lasting),
  ])
  return { whole: byBucket.at(-1) ?? none, byBucket, ...rest }
}

async function measureRest(db: Db, { parts: edges }: Metric, facts: RawBuilder<MetricFact>) {
  const [excluded, parts] = await Promise.all([
    countExcluded(db, facts),
    edges === undefined ? null : countParts(db, facts, edges),
  ])
  return { excluded, parts }
}

type Comparing = { question: MetricQuestion; before: TimeRange }

async function measurePrevious(db: Db, metric: Metric, { question, before }: Comparing): Promise<Measured> {
  const formula = toFormula(metric.shape, question.statistic)
  if (!isLasting(metric)) {
    const facts = metric.facts({ ...question, range: before })
    return measureWhole(db, facts, formula)
  }
  const moment = before.to < question.now ? before.to : question.now
  const facts = metric.facts({ ...question, range: { from: moment, to: moment } })
  return (await measureAges(db, facts, { moments: [moment], formula }))[0] ?? none
}

/** The ends of buckets that have begun; of one that goes on, now. */
function momentsOf(buckets: readonly TimeRange[], now: Date): Date[] {
  return buckets.filter(({ from }) => from < now).map(({ to }) => (to > now ? now : to))
}

/** The formula of a shape; only a distribution and an age leave the choice. */
export function toFormula(shape: MetricShape, statistic: Statistic): Formula {
  switch (shape) {
    case 'distribution':
    case 'age':
      return statistic
    case 'ratio':
    case 'mean':
      return 'mean'
    case 'weighted_mean':
      return shape
    case 'count':
    case 'rate':
    case 'backlog':
      return 'count'
    case 'total':
      return 'sum'
    default: {
      const unheard: never = shape
      return unheard
    }
  }
}

async function createShow(db: Db, { shape, subject }: Metric, question: MetricQuestion) {
  const first = isCounting(shape) ? await findFirstKnown(db, subject, question) : null
  const { now } = question
  return (measured: Measured, range: TimeRange) => showMeasured(shape, measured, { range, now, first })
}

/** Whether a metric is a number or a sum of things, for which it matters since when anything is known. */
export function isCounting(shape: MetricShape): boolean {
  return shape === 'count' || shape === 'rate' || shape === 'total' || shape === 'backlog'
}

/**
 * How much of a measured range is shown: no statistic of a few, and no count or sum of a time of which nothing is known.
 * `first`: since when anything is.
 */
export function showMeasured(
  shape: MetricShape,
  { value, n, total }: Measured,
  { range: { from, to }, now, first }: { range: TimeRange; now: Date; first: Date | null },
): MetricValue {
  if (!isCounting(shape)) return { value: n < leastValues ? null : value, n }
  const isKnown = first !== null && first < to && from < now
  if (!isKnown) return { value: null, n }
  // A sum of facts whose values nobody knows is not known either.
  if (shape === 'total') return { value: total > 0 && n === 0 ? null : (value ?? 0), n }
  const end = to < now ? to : now
  return { value: shape === 'rate' ? n / ((end.getTime() - from.getTime()) / dayMs) : n, n }
}
