import type { TimeRange } from '../../domain/delivery/time-buckets.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Metric, MetricScope } from '../../metrics/metric.ts'
import { findMetric } from '../../metrics/registry.ts'
import type { Db } from '../../store/db.ts'
import { listKnownRepositoryIds } from '../../store/delivery/filter-repositories.ts'
import { listTeamsBelow } from '../../store/delivery/teams/team-repositories.ts'

export type ScopeQuery = {
  from?: string | undefined
  to?: string | undefined
  repository?: string[] | undefined
  branch?: string[] | undefined
  severity?: string[] | undefined
  label?: string[] | undefined
  team?: string[] | undefined
  hours?: 'all' | 'business' | undefined
}

const defaultDays = 90
const dayMs = 24 * 3600_000
const longestDays = 10 * 366

/** The metric of a key. Throws `not_found`. */
export function requireMetric(key: string): Metric {
  const metric = findMetric(key)
  if (metric === undefined) throw new AppError('not_found', `There is no figure “${key.slice(0, 100)}”.`)
  return metric
}

/** What can be narrowed by a filter; what is not named here can by every subject. */
export const narrowedBy: Readonly<Record<'branch' | 'label' | 'severity', ReadonlySet<Metric['subject']>>> = {
  branch: new Set(['pull_request', 'pipeline']),
  label: new Set(['pull_request']),
  severity: new Set(['vulnerability']),
}

/**
 * What a request asks about. Throws `validation_failed` for an empty range, for a repository or a team that is not here, for a
 * branch, a label or a severity of what has none, and for business hours of what has none.
 */
export async function readScope(
  { db, clock }: { db: Db; clock: Clock },
  metric: Pick<Metric, 'subject' | 'title' | 'hasBusinessHours'>,
  { organizationId, ...query }: ScopeQuery & { organizationId: string },
): Promise<MetricScope> {
  checkMetric(metric, query)
  return readAnyScope({ db, clock }, { organizationId, ...query })
}

function checkMetric(
  { subject, title, hasBusinessHours = false }: Pick<Metric, 'subject' | 'title' | 'hasBusinessHours'>,
  query: ScopeQuery,
): void {
  const strange = (['branch', 'label', 'severity'] as const).find(
    (field) => query[field] !== undefined && !narrowedBy[field].has(subject),
  )
  if (strange !== undefined) throw new AppError('validation_failed', `${strange}: “${title}” cannot be narrowed by it.`)
  if (query.hours === 'business' && !hasBusinessHours)
    throw new AppError('validation_failed', `hours: “${title}” is measured by all hours of the day.`)
}

/** The same for no metric in particular. Throws `validation_failed` for an empty range, and for what is not here. */
export async function readAnyScope(
  { db, clock }: { db: Db; clock: Clock },
  { organizationId, ...query }: ScopeQuery & { organizationId: string },
): Promise<MetricScope> {
  const { repository, branch, severity, label, team, hours } = query
  const now = clock()
  const range = readRange(query, now)
  if (repository !== undefined) {
    const known = new Set(await listKnownRepositoryIds(db, { organizationId, ids: repository }))
    const strange = repository.find((id) => !known.has(id))
    if (strange !== undefined) throw new AppError('validation_failed', `repository: there is no ${strange} here.`)
  }
  const teamIds = await readTeams(db, { organizationId, team })
  return {
    organizationId,
    repositoryIds: repository,
    branches: branch,
    severities: severity,
    labels: label,
    teamIds,
    hours,
    range,
    now,
  }
}

/** Teams that are asked for, with all below them; undefined where none are. Throws `validation_failed` for one that is not here. */
export async function readTeams(
  db: Db,
  { organizationId, team }: { organizationId: string; team?: readonly string[] | undefined },
): Promise<string[] | undefined> {
  if (team === undefined) return undefined
  const teamIds = await listTeamsBelow(db, { organizationId, teamIds: team })
  if (teamIds === undefined) throw new AppError('validation_failed', 'team: one of them is no team here.')
  return teamIds
}

function readRange({ from, to }: ScopeQuery, now: Date): TimeRange {
  const end = to === undefined ? now : new Date(to)
  const begin = from === undefined ? new Date(end.getTime() - defaultDays * dayMs) : new Date(from)
  if (begin >= end) throw new AppError('validation_failed', 'from: it has to lie before `to`.')
  const range = { from: begin, to: end }
  checkLength(range)
  return range
}

/** Throws `validation_failed` for a range that is too long to be asked about. */
export function checkLength({ from, to }: TimeRange): void {
  if (to.getTime() - from.getTime() > longestDays * dayMs)
    throw new AppError('validation_failed', 'from: a range may be ten years long.')
}
