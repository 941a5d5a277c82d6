import { listBuckets, precedingRange, type TimeRange } from '../domain/delivery/time-buckets.ts'
import type { Db } from '../store/db.ts'
import { type MetricAnswer, type MetricQuestion, showMeasured, toFormula } from './answer-metric.ts'
import { countExcluded, countParts, type Measured, measureFacts } from './measure.ts'
import { isLasting, type Metric } from './metric.ts'
import { metrics } from './registry.ts'
import { findFirstKept, selectKept } from './snapshots.ts'

const dayMs = 24 * 3600_000
const none: Measured = { value: null, n: 0, total: 0 }

/** A question about whole UTC days, as it would have been answered at the end of the day `asOf` begins. */
export type KeptQuestion = Omit<MetricQuestion, 'branches' | 'timeZone'> & { asOf: Date }

/**
 * Answers a metric from what was kept of each day: as a report of that day showed it, whatever became known since.
 * Undefined where nothing had been kept by then.
 */
export async function answerAsOf(db: Db, metric: Metric, question: KeptQuestion): Promise<MetricAnswer | undefined> {
  const knownBefore = new Date(question.asOf.getTime() + dayMs)
  const keys = metrics.filter(({ subject }) => subject === metric.subject).map(({ key }) => key)
  const first = await findFirstKept(db, keys, { ...question, knownBefore })
  if (first === null) return undefined
  const buckets = listBuckets(question.range, question.interval, 'UTC')
  const before = precedingRange(question.range, 'UTC')
  const ask = { ...question, knownBefore }
  const [kept, previous] = await Promise.all([
    measureKept(db, metric, { ...ask, buckets }),
    question.isCompared ? measureKept(db, metric, { ...ask, buckets: [before] }) : undefined,
  ])
  const shown = (measured: Measured, range: TimeRange) =>
    showMeasured(metric.shape, measured, { range, first, now: question.asOf })
  return {
    ...shown(kept.whole, question.range),
    coverage: { counted: kept.whole.n, total: kept.whole.total },
    excluded: kept.excluded,
    previous: previous === undefined ? null : shown(previous.whole, before),
    buckets: buckets.map((bucket, index) => ({ ...bucket, ...shown(kept.byBucket[index] ?? none, bucket) })),
    parts: kept.parts,
  }
}

type Measuring = KeptQuestion & { knownBefore: Date; buckets: readonly TimeRange[] }

async function measureKept(db: Db, metric: Metric, { buckets, ...question }: Measuring) {
  const [from, to] = [buckets[0]?.from, buckets.at(-1)?.to]
  if (from === undefined || to === undefined) return { whole: none, byBucket: [], excluded: [], parts: null }
  const days = isLasting(metric) ? buckets.flatMap((bucket) => lastDayOf(bucket, question.asOf)) : undefined
  const scope = { ...question, from: dayOf(from), to: dayOf(to) }
  const ofDays = (list: readonly string[] | undefined) =>
    selectKept(metric, list === undefined ? scope : { ...scope, days: list })
  const formula = toFormula(metric.shape, question.statistic)
  // Of what lasts the whole is what lasted at the end.
  const whole = ofDays(days?.slice(-1))
  const [measured, excluded, parts] = await Promise.all([
    measureFacts(db, ofDays(days), { buckets, formula }),
    countExcluded(db, whole),
    metric.parts === undefined ? null : countParts(db, whole, metric.parts),
  ])
  const last = days === undefined ? measured.whole : measured.buckets[days.length - 1]
  return { whole: last ?? none, byBucket: measured.buckets, excluded, parts }
}

/** The last day of a bucket that was over by then. */
function lastDayOf({ from, to }: TimeRange, asOf: Date): string[] {
  const over = to < asOf ? to : asOf
  return over <= from ? [] : [dayOf(new Date(over.getTime() - 1))]
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
