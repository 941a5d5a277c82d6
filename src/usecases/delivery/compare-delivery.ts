import type { ComparedRow, Comparison } from '../../../contract/delivery/compare.ts'
import type { Statistic } from '../../domain/delivery/statistics.ts'
import { listUpwards } from '../../domain/people/team-tree.ts'
import { isTimeZone } from '../../domain/sla/local-days.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { isCounting, usualStatisticOf } from '../../metrics/answer-metric.ts'
import {
  type CompareBy,
  type ComparedValue,
  type CompareQuestion,
  compareMetric,
  type FirstKnown,
  listFirstKnown,
} from '../../metrics/compare-metric.ts'
import type { Metric, MetricScope, MetricSubject } from '../../metrics/metric.ts'
import type { Db } from '../../store/db.ts'
import {
  type ComparedRowName,
  listComparedRepositories,
  listComparedTeams,
} from '../../store/delivery/compared-rows.ts'
import { narrowedBy, readAnyScope, requireMetric, type ScopeQuery } from './metric-scope.ts'

/** What is shown where nothing is chosen. */
export const usualFigures = [
  'pr_throughput',
  'pr_cycle_time',
  'pickup_time',
  'pr_size',
  'deployment_frequency',
  'change_failure_rate',
]

const metricsAtMost = 8
const usualLimit = 50

type Asked = ScopeQuery & {
  organizationId: string
  /** By repository, where it is left out. */
  by?: 'team' | 'repository' | undefined
  metric?: string[] | undefined
  statistic?: Statistic | undefined
  time_zone?: string | undefined
  text?: string | undefined
  sort?: string | undefined
  direction?: 'ascending' | 'descending' | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/**
 * Some figures of every team or repository, side by side: one statement a figure, however many rows. Throws `not_found` for no
 * metric, `validation_failed` for what cannot be asked.
 */
export async function compareDelivery(deps: { db: Db; clock: Clock }, asked: Asked): Promise<Comparison> {
  const { metric: keys = usualFigures, statistic, time_zone: timeZone = 'UTC', limit = usualLimit } = asked
  if (keys.length > metricsAtMost)
    throw new AppError('validation_failed', `metric: at most ${metricsAtMost} figures stand side by side.`)
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  const metrics = [...new Set(keys)].map(requireMetric)
  const sort = readSort(asked, metrics)
  const offset = readCursor(asked.cursor)
  const scope = await readAnyScope(deps, asked)
  const { names, by } = await listRows(deps.db, scope, asked)
  const figures = await measureAll(deps.db, metrics, { ...scope, by, statistic, timeZone })
  const rows = names.map((name) => toRow(name, metrics, figures))
  // Of a team's work, only the repositories in which there is any.
  const shown = by.kind === 'repository' && scope.teamIds !== undefined ? rows.filter(hasAny) : rows
  const sorted = sortRows(shown, sort)
  const items = sorted.slice(offset, offset + limit)
  return {
    metrics: metrics.map(({ key }) => key),
    items,
    total: sorted.length,
    next: offset + limit < sorted.length ? String(offset + limit) : null,
  }
}

type Sort = { key: string; isDescending: boolean }

function readSort({ sort = 'name', direction = 'ascending' }: Asked, metrics: readonly Metric[]): Sort {
  if (sort !== 'name' && !metrics.some(({ key }) => key === sort))
    throw new AppError('validation_failed', 'sort: by `name` or by one of the figures that are shown.')
  return { key: sort, isDescending: direction === 'descending' }
}

/** How many rows come before: what is sorted by a figure has no other place that lasts. */
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^\d{1,6}$/.test(cursor))
    throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
  return Number(cursor)
}

type Rows = { names: readonly ComparedRowName[]; by: CompareBy }

async function listRows(
  db: Db,
  { organizationId, ...scope }: MetricScope,
  { by = 'repository', text = '' }: Asked,
): Promise<Rows> {
  if (by === 'repository') {
    const names = await listComparedRepositories(db, { organizationId, text, ids: scope.repositoryIds })
    return { names, by: { kind: 'repository' } }
  }
  const teams = await listComparedTeams(db, organizationId)
  const byId = new Map(teams.map((team) => [team.id, team]))
  const wanted = teams.filter(
    ({ id, name }) =>
      (scope.teamIds === undefined || scope.teamIds.includes(id)) && name.toLowerCase().includes(text.toLowerCase()),
  )
  const wantedIds = new Set(wanted.map(({ id }) => id))
  const belongings = teams.flatMap(({ id: teamId }) =>
    listUpwards(byId, teamId).flatMap(({ id: rowId }) => (wantedIds.has(rowId) ? [{ teamId, rowId }] : [])),
  )
  return { names: wanted, by: { kind: 'team', belongings } }
}

/** `statistic` undefined: the usual one of each figure. */
type Question = Omit<CompareQuestion, 'statistic'> & { statistic: Statistic | undefined }
type Figures = ReadonlyMap<string, (rowId: string) => ComparedValue>

async function measureAll(db: Db, metrics: readonly Metric[], question: Question): Promise<Figures> {
  const known = await listKnown(db, metrics, question)
  const measured = await Promise.all(
    metrics.map(async (metric) => {
      const firstKnown: FirstKnown = known.get(metric.subject) ?? new Map()
      return [metric.key, await compareMetric(db, metric, { ...narrowFor(metric, question), firstKnown })] as const
    }),
  )
  return new Map(measured)
}

async function listKnown(db: Db, metrics: readonly Metric[], question: Question) {
  const counted = new Set(metrics.filter(({ shape }) => isCounting(shape)).map(({ subject }) => subject))
  const known = new Map<MetricSubject, FirstKnown>()
  for (const subject of counted) known.set(subject, await listFirstKnown(db, subject, question))
  return known
}

/** What a metric can be asked for: of the rest of a question, its figures are of all. */
function narrowFor(metric: Metric, question: Question): CompareQuestion {
  const { subject, hasBusinessHours = false } = metric
  const hours = hasBusinessHours ? question.hours : 'all'
  return {
    ...question,
    hours,
    statistic: question.statistic ?? usualStatisticOf(metric),
    branches: narrowedBy.branch.has(subject) ? question.branches : undefined,
    labels: narrowedBy.label.has(subject) ? question.labels : undefined,
  }
}

function toRow({ id, name, within }: ComparedRowName, metrics: readonly Metric[], figures: Figures): ComparedRow {
  const nothing = { value: null, n: 0, previous: { value: null, n: 0 } }
  return {
    id,
    name,
    within,
    figures: metrics.map(({ key }) => ({ key, ...(figures.get(key)?.(id) ?? nothing) })),
  }
}

function hasAny({ figures }: ComparedRow): boolean {
  return figures.some(({ n, previous }) => n > 0 || previous.n > 0)
}

/** By a figure, what has none last either way; alike ones by name, which is the order they come in. */
function sortRows(rows: readonly ComparedRow[], { key, isDescending }: Sort): ComparedRow[] {
  if (key === 'name') return isDescending ? rows.toReversed() : [...rows]
  const valueOf = ({ figures }: ComparedRow) => figures.find((one) => one.key === key)?.value ?? null
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return isDescending ? y - x : x - y
  })
}
