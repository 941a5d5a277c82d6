import { findGoal } from '../../../domain/delivery/rate-by-goal.ts'
import { precedingRange, type TimeRange } from '../../../domain/delivery/time-buckets.ts'
import { answerMetric, type MetricValue, usualStatisticOf } from '../../../metrics/answer-metric.ts'
import { listOldestOpen, type OldPullRequest } from '../../../metrics/list-oldest-open.ts'
import type { Metric } from '../../../metrics/metric.ts'
import { metrics } from '../../../metrics/registry.ts'
import { securityLeadTime } from '../../../metrics/security/security-lead-time.ts'
import type { Db } from '../../../store/db.ts'
import { listGoals } from '../../../store/delivery/goals.ts'
import { countWeekOfSecurity, listOwnTeams } from '../../../store/delivery/weekly-figures.ts'
import type { Remember } from '../../../trackers/tracker.ts'
import { ownGoal } from '../goals/metric-goals.ts'

/** A figure of a week beside the week before. */
export type WeekFigure = {
  metric: Metric
  now: MetricValue
  before: MetricValue
  /** What it is to reach, as the organization set it for the week; null: nothing. */
  target: number | null
  /** Whether it moved against its goal by a tenth or more, or does not reach its target any more. */
  isWorse: boolean
}

export type Week = {
  range: TimeRange
  timeZone: string
  /** Names of the member's teams whose repositories it is about; empty: of all of the organization. */
  teams: string[]
  figures: WeekFigure[]
  oldest: OldPullRequest[]
  openPullRequests: number
  /** `known` false: nothing was ever reported. */
  security: {
    opened: number
    fixed: number
    before: { opened: number; fixed: number }
    known: boolean
    /** How long it took from found to fixed in production, of what came there: its figure, `n` how many. */
    inProduction: { now: MetricValue; before: MetricValue }
  }
}

/** Less than this is how weeks are. */
const noticeableShare = 0.1
const mostPullRequests = 5

type Aimed = { metric: Metric; target: number | null }

/** Figures of a week: those of DORA, the medians of flow, and whatever has a target then. */
async function listWeekMetrics(
  db: Db,
  { organizationId, range }: Pick<Asked, 'organizationId' | 'range'>,
): Promise<Aimed[]> {
  const dated = Map.groupBy(await listGoals(db, { organizationId }), ({ key }) => key)
  return metrics.flatMap((metric) => {
    const { key, group, shape } = metric
    const target = findGoal(dated.get(key) ?? [], range, ownGoal(metric))?.target ?? null
    const isUsual = group === 'dora' || (group === 'flow' && shape === 'distribution')
    return isUsual || target !== null ? [{ metric, target }] : []
  })
}

type Asked = {
  organizationId: string
  memberId: string
  range: TimeRange
  timeZone: string
  now: Date
  /** Where many are told: what was gathered a little ago of the same repositories is told again. */
  remember?: Remember | undefined
}

/** What there is to tell a member about a week, as it is known now. */
export async function gatherWeek(db: Db, { memberId, remember, ...asked }: Asked): Promise<Week> {
  const { organizationId, range, timeZone, now } = asked
  const today = now.toISOString().slice(0, 10)
  const own = await listOwnTeams(db, { organizationId, memberId, today })
  const hasOwn = own.repositoryIds.length > 0
  const repositoryIds = hasOwn ? own.repositoryIds.toSorted() : undefined
  const gather = () => gatherScope(db, { ...asked, repositoryIds })
  const moments = [range.from, range.to].map((at) => at.toISOString())
  const name = ['week', organizationId, timeZone, ...moments, ...(repositoryIds ?? ['all'])].join(' ')
  const week = remember === undefined ? await gather() : await remember(name, gather)
  return { ...week, teams: hasOwn ? own.names : [] }
}

type Gathering = Omit<Asked, 'memberId' | 'remember'> & { repositoryIds: readonly string[] | undefined }

/** What there is to tell of some repositories, or of all: the same for everybody whom it is told. */
async function gatherScope(db: Db, asked: Gathering): Promise<Omit<Week, 'teams'>> {
  const { organizationId, repositoryIds, range, timeZone, now } = asked
  const scope = { organizationId, repositoryIds, branches: undefined, range, now }
  const figures: WeekFigure[] = []
  const compare = async (metric: Metric): Promise<{ now: MetricValue; before: MetricValue }> => {
    const question = { ...scope, timeZone, statistic: usualStatisticOf(metric), isCompared: true } as const
    const answer = await answerMetric(db, metric, { ...question, interval: 'week' })
    return { now: answer, before: answer.previous ?? { value: null, n: 0 } }
  }
  for (const { metric, target } of await listWeekMetrics(db, asked)) {
    const { now: answer, before } = await compare(metric)
    const goal = { direction: metric.goal.direction, target }
    const worse = isWorse({ goal }, { now: answer.value, before: before.value })
    figures.push({ metric, now: answer, before, target, isWorse: worse })
  }
  const oldest = await listOldestOpen(db, scope, mostPullRequests)
  const security = await countWeekOfSecurity(db, { organizationId, repositoryIds, range })
  const earlier = { organizationId, repositoryIds, range: precedingRange(range, timeZone) }
  return {
    range,
    timeZone,
    figures,
    oldest,
    openPullRequests: oldest[0]?.total ?? 0,
    security: {
      ...security,
      before: await countWeekOfSecurity(db, earlier),
      inProduction: await compare(securityLeadTime),
    },
  }
}

/** Whether a figure got noticeably worse by its direction, or fell behind its target. Unknown values are no worse. */
export function isWorse(
  { goal }: Pick<Metric, 'goal'>,
  { now, before }: { now: number | null; before: number | null },
): boolean {
  if (now === null || before === null || goal.direction === 'none') return false
  const loss = goal.direction === 'lower' ? now - before : before - now
  if (loss <= 0) return false
  const { target } = goal
  const misses = (value: number) => target !== null && (goal.direction === 'lower' ? value > target : value < target)
  if (misses(now) && !misses(before)) return true
  return before === 0 || loss / before >= noticeableShare
}

/** Whether a week has anything to tell: something that happened in it or the week before, or waits. */
export function hasAnything({ figures, oldest, security }: Week): boolean {
  const { opened, fixed, before, inProduction } = security
  return (
    oldest.length > 0 ||
    opened + fixed + before.opened + before.fixed + inProduction.now.n + inProduction.before.n > 0 ||
    figures.some(({ now, before: earlier }) => now.n + earlier.n > 0)
  )
}
