import type { MetricExplanation } from '../../../../contract/delivery/explain.ts'
import { leftOutWords } from '../../../domain/delivery/explain/reason-words.ts'
import { type Interval, listBuckets, type TimeRange } from '../../../domain/delivery/time-buckets.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Metric, MetricFact } from '../../../metrics/metric.ts'
import { type GivenFigures, isExplained, selectPart, selectStoredPart } from '../../../metrics/select-part.ts'
import type { Db } from '../../../store/db.ts'
import { requireMetric } from '../metric-scope.ts'
import { explainDeployment } from './explain-deployment.ts'
import { explainPullRequest } from './explain-pull-request.ts'

type Input = {
  organizationId: string
  key: string
  pull_request?: string | undefined
  deployment?: string | undefined
  from?: string | undefined
  to?: string | undefined
  interval?: Interval | undefined
  time_zone?: string | undefined
}

/** What is told of a pull request or a deployment, with its figures as they are worked out now. */
export type Explained = {
  figures: GivenFigures
  told: Pick<MetricExplanation, 'subject' | 'events' | 'moments' | 'phases' | 'flags' | 'deployment'>
}

/**
 * Tells every event and every rule that made the part of one pull request or deployment in a figure. It is worked out anew
 * by what works out the figures, which tells its reasons. Throws `not_found` and `validation_failed`.
 */
export async function explainMetric(
  { db, clock }: { db: Db; clock: Clock },
  { organizationId, key, ...query }: Input,
): Promise<MetricExplanation> {
  const metric = requireMetric(key)
  const timeZone = query.time_zone ?? 'UTC'
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  const { figures, told } = await explainSubject(db, metric, { organizationId, ...query })
  const asked = { organizationId, id: told.subject.id, now: clock() }
  const [part, stored] = await Promise.all([
    selectPart(db, metric, { ...asked, figures }),
    selectStoredPart(db, metric, asked),
  ])
  const { key: _, title, description, unit, subject } = metric
  const leftOut = part?.left_out ?? null
  return {
    metric: { key, title, description, unit, subject },
    ...told,
    outcome: outcomeOf(part),
    value: countedValue(part),
    at: part?.at.toISOString() ?? null,
    left_out: leftOut === null ? null : { reason: leftOut, words: leftOutWords[leftOut] ?? leftOut },
    stored: { value: countedValue(stored), is_current: isSame(part, stored) },
    ...placeOf(part, { ...query, timeZone }),
  }
}

function countedValue(part: MetricFact | undefined): number | null {
  return part === undefined || part.left_out !== null ? null : part.value
}

async function explainSubject(
  db: Db,
  metric: Metric,
  { organizationId, pull_request, deployment }: Omit<Input, 'key'>,
): Promise<Explained> {
  if (!isExplained(metric))
    throw new AppError('validation_failed', `“${metric.title}” cannot be explained by one of its rows.`)
  const [wanted, other] = metric.subject === 'deployment' ? [deployment, pull_request] : [pull_request, deployment]
  if (wanted === undefined || other !== undefined)
    throw new AppError(
      'validation_failed',
      `${metric.subject}: “${metric.title}” is made of ${metric.subject === 'deployment' ? 'deployments' : 'pull requests'}. Say which one.`,
    )
  return metric.subject === 'deployment'
    ? explainDeployment(db, { organizationId, id: wanted })
    : explainPullRequest(db, { organizationId, wanted })
}

function outcomeOf(part: MetricFact | undefined): MetricExplanation['outcome'] {
  if (part === undefined) return 'not_part'
  if (part.left_out !== null) return 'left_out'
  return part.value === null ? 'no_value' : 'counted'
}

function isSame(one: MetricFact | undefined, other: MetricFact | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  const isSameMoment = one.at.getTime() === other.at.getTime()
  return isSameMoment && one.value === other.value && one.left_out === other.left_out
}

/** Farther from a moment than any day, week or month that holds it reaches. */
const aroundMs = 40 * 24 * 3600_000

function placeOf(
  part: MetricFact | undefined,
  { from, to, interval = 'week', timeZone }: Omit<Input, 'key' | 'organizationId'> & { timeZone: string },
): Pick<MetricExplanation, 'bucket' | 'is_in_range'> {
  if (part === undefined) return { bucket: null, is_in_range: null }
  const at = part.at.getTime()
  const around = { from: new Date(at - aroundMs), to: new Date(at + aroundMs) }
  const holds = (range: TimeRange) => range.from.getTime() <= at && at < range.to.getTime()
  const bucket = listBuckets(around, interval, timeZone).find(holds)
  const isAsked = from !== undefined || to !== undefined
  const range = { from: new Date(from ?? 0), to: to === undefined ? around.to : new Date(to) }
  return {
    bucket: bucket === undefined ? null : { from: bucket.from.toISOString(), to: bucket.to.toISOString() },
    is_in_range: isAsked ? holds(range) : null,
  }
}
