import type { MetricAnswer, MetricInfo } from '../../../../contract/delivery/metrics.ts'
import type { Statistic } from '../../../domain/delivery/statistics.ts'
import type { TimeRange } from '../../../domain/delivery/time-buckets.ts'
import { openLocalDays } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { listRepositoryNamesOf } from '../../../store/delivery/filter-repositories.ts'
import { findPublicLink, type PublicLinkRow, recordPublicLinkOpened } from '../../../store/delivery/public-links.ts'
import { listTeamsBelow } from '../../../store/delivery/teams/team-repositories.ts'
import { listTeamNamesOf } from '../../../store/delivery/teams/teams.ts'
import { isSecretOf } from '../../access/secret-hash.ts'
import { getMetric, getMetricRows, listMetricInfos } from '../get-metric.ts'
import { narrowedBy } from '../metric-scope.ts'
import { parseLinkToken } from './link-token.ts'
import { groupOf } from './public-links.ts'

type Deps = { db: Db; clock: Clock }
type Opened = PublicLinkRow & { organization: string }

const dayMs = 24 * 3600_000
const mostRows = 100
/** Reasons the product gives. All others are words that somebody wrote about their own people. */
const ownReasons: readonly string[] = [
  'batch_merge',
  'bot_author',
  'expired',
  'files_missing',
  'negative_span',
  'stopped',
  'superseded',
  'too_many_lines',
  'too_slow_to_blame',
  'unknown_result',
]

/** What a link shows. Throws `gone` for every link that does not answer, whatever the reason. */
export async function openPublicLink(deps: Deps, { token }: { token: string }) {
  const link = await requireLink(deps, token)
  const key = { organizationId: link.organization_id, id: link.id }
  await recordPublicLinkOpened(deps.db, key, deps.clock())
  const { from, to } = rangeOf(link, deps.clock())
  const repositories = await listRepositoryNamesOf(deps.db, { ...key, ids: link.repository_ids })
  const teams = await listTeamNamesOf(deps.db, { ...key, ids: link.team_ids })
  return {
    name: link.name,
    organization_name: link.organization,
    group: groupOf(link),
    from: from.toISOString(),
    to: to.toISOString(),
    time_zone: link.time_zone,
    repositories,
    branches: link.branches,
    teams,
    labels: link.labels,
    hours: hoursOf(link),
    expires_at: link.expires_at.toISOString(),
    metrics: metricsOf(link),
  }
}

/** One figure of a link's view, which decides all but the statistic. Throws `gone`, and `not_found` for a figure of another view. */
export async function getPublicFigure(
  deps: Deps,
  { token, key, statistic }: { token: string; key: string; statistic?: Statistic | undefined },
): Promise<MetricAnswer> {
  const link = await requireLink(deps, token)
  const metric = requireMetricOf(link, key)
  const { from, to } = rangeOf(link, deps.clock())
  const days = (to.getTime() - from.getTime()) / dayMs
  const answer = await getMetric(deps, {
    ...scopeOf(link, metric, deps.clock()),
    interval: days <= 31 ? 'day' : days <= 370 ? 'week' : 'month',
    time_zone: link.time_zone,
    compare: 'true',
    statistic,
  })
  return { ...answer, excluded: hideReasons(answer.excluded) }
}

/** The latest rows behind a figure, without names and addresses. Throws as `getPublicFigure`. */
export async function listPublicRows(deps: Deps, { token, key }: { token: string; key: string }) {
  const link = await requireLink(deps, token)
  const metric = requireMetricOf(link, key)
  const { items, next } = await getMetricRows(deps, { ...scopeOf(link, metric, deps.clock()), limit: mostRows })
  return {
    items: items.map(({ kind, id, repository, number, title, at, value }) => {
      return { kind, id, repository: repository.name, number, title: link.shows_titles ? title : null, at, value }
    }),
    has_more: next !== null,
  }
}

async function requireLink({ db, clock }: Deps, token: string): Promise<Opened> {
  const key = parseLinkToken(token)
  const link = key === undefined ? undefined : await findPublicLink(db, key)
  // One answer for all of it: whoever guesses learns nothing.
  const isLive = link !== undefined && isSecretOf(link.token_hash, token) && link.expires_at > clock()
  // Of a team that was taken away there is nothing to show, least of all the figures of everybody.
  if (!isLive || !(await areTeamsHere(db, link)))
    throw new AppError('gone', 'This link does not show anything, or not any more. Ask whoever gave it to you.')
  return link
}

async function areTeamsHere(db: Db, { organization_id: organizationId, team_ids: teamIds }: Opened): Promise<boolean> {
  return teamIds.length === 0 || (await listTeamsBelow(db, { organizationId, teamIds })) !== undefined
}

function metricsOf(link: Opened): MetricInfo[] {
  return listMetricInfos().filter(({ group }) => group === groupOf(link))
}

function requireMetricOf(link: Opened, key: string): MetricInfo {
  const metric = metricsOf(link).find((one) => one.key === key)
  if (metric === undefined) throw new AppError('not_found', 'This link does not show such a figure.')
  return metric
}

function scopeOf(link: Opened, { key, subject, has_business_hours: hasHours }: MetricInfo, now: Date) {
  const { from, to } = rangeOf(link, now)
  const { repository_ids: ids, branches, team_ids: teams, labels } = link
  return {
    organizationId: link.organization_id,
    key,
    from: from.toISOString(),
    to: to.toISOString(),
    repository: ids.length === 0 ? undefined : ids,
    team: teams.length === 0 ? undefined : teams,
    // As on the page: neither a deployment nor an incident has a branch or a label to be narrowed by.
    branch: branches.length > 0 && narrowedBy.branch.has(subject) ? branches : undefined,
    label: labels.length > 0 && narrowedBy.label.has(subject) ? labels : undefined,
    hours: hasHours ? hoursOf(link) : undefined,
  }
}

function hoursOf({ hours }: PublicLinkRow): 'all' | 'business' {
  return hours === 'business' ? 'business' : 'all'
}

function rangeOf(link: PublicLinkRow, now: Date): TimeRange {
  const { from_at: from, to_at: to, days } = link
  if (from !== null && to !== null) return { from, to }
  const local = openLocalDays(link.time_zone)
  const end = local.dayOf(now) + 1
  return { from: local.startOf(end - (days ?? 1)), to: local.startOf(end) }
}

function hideReasons(excluded: MetricAnswer['excluded']): MetricAnswer['excluded'] {
  const shown = excluded.filter(({ reason }) => ownReasons.includes(reason))
  const hidden = excluded.filter(({ reason }) => !ownReasons.includes(reason))
  const count = hidden.reduce((sum, one) => sum + one.count, 0)
  return count === 0 ? shown : [...shown, { reason: 'by decision', count }]
}
