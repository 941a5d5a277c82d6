import { statistics } from '../../../../src/domain/delivery/statistics.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import type { MetricQuestion, MetricScope } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { readChoice, readMany, readOne, type SearchText, withoutEmpty } from '../../../search-params.ts'

export const groups = [
  'dora',
  'flow',
  'reviews',
  'health',
  'security',
  'pipelines',
  'activity',
  'investment',
  'agreements',
  'compare',
] as const
const periods = ['7', '30', '90', '180', '365'] as const
type Period = (typeof periods)[number]

export const usualPeriod = '90'

/** As many stand side by side. */
export const figuresAtMost = 8

export type AnalyticsSearch = {
  group?: (typeof groups)[number] | undefined
  /** The figure that is drawn large. */
  metric?: string | undefined
  /** Days up to today; left out is 90. A range of its own comes before. */
  days?: Period | undefined
  from?: string | undefined
  to?: string | undefined
  repository?: string[] | undefined
  branch?: string[] | undefined
  team?: string[] | undefined
  label?: string[] | undefined
  /** Left out: all hours of the day. */
  hours?: 'business' | undefined
  statistic?: (typeof statistics)[number] | undefined
  /** Of vulnerabilities, in figures of security. */
  severity?: Severity[] | undefined
  /** Side by side: by what, which figures, of which names, and in which order. */
  by?: 'team' | undefined
  figure?: string[] | undefined
  name?: string | undefined
  sort?: string | undefined
  direction?: 'descending' | undefined
}

export function toAnalyticsSearch(search: SearchText): AnalyticsSearch {
  return withoutEmpty({
    group: readChoice(search, 'group', groups),
    metric: readOne(search, 'metric'),
    days: readChoice(search, 'days', periods),
    from: readDay(search, 'from'),
    to: readDay(search, 'to'),
    repository: readMany(search, 'repository'),
    branch: readMany(search, 'branch'),
    team: readMany(search, 'team'),
    label: readMany(search, 'label'),
    hours: readChoice(search, 'hours', ['business'] as const),
    statistic: readChoice(search, 'statistic', statistics),
    severity: readMany(search, 'severity')?.flatMap((value) => severities.find((one) => one === value) ?? []),
    by: readChoice(search, 'by', ['team'] as const),
    figure: readMany(search, 'figure').slice(0, figuresAtMost),
    name: readOne(search, 'name'),
    sort: readOne(search, 'sort'),
    direction: readChoice(search, 'direction', ['descending'] as const),
  })
}

/** A day as an address has it, such as 2026-03-01. */
export function readDay(search: SearchText, key: string): string | undefined {
  const value = readOne(search, key)
  return value !== undefined && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
}

const dayMs = 86_400_000

/**
 * The half-open range of an address: whole days of the reader's zone up to the end of today, so that it stays the same
 * all day long; or from one day to another, both included.
 */
export function rangeOf({ days, from, to }: AnalyticsSearch, now: Date): { from: Date; to: Date } {
  if (from !== undefined && to !== undefined && hasOwnRange({ from, to }))
    return { from: midnight(from), to: nextMidnight(midnight(to)) }
  const end = nextMidnight(now)
  const start = new Date(end)
  start.setDate(start.getDate() - Number(days ?? usualPeriod))
  return { from: start, to: end }
}

/** Whether both days of a range of its own are named, the earlier first. */
export function hasOwnRange({ from, to }: Pick<AnalyticsSearch, 'from' | 'to'>): boolean {
  return from !== undefined && to !== undefined && from <= to
}

/** The day of the reader's zone, such as 2026-03-01. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

function midnight(day: string): Date {
  return new Date(`${day}T00:00:00`)
}

function nextMidnight(at: Date): Date {
  const next = new Date(at)
  next.setHours(0, 0, 0, 0)
  // By the calendar, so that days of 23 and 25 hours end where they do.
  next.setDate(next.getDate() + 1)
  return next
}

/** What of an address a figure can be asked for: few have branches, labels, severities or the hours of a team. */
export function narrowTo(
  search: AnalyticsSearch,
  metric: Pick<RouteResponse<'listMetrics'>[number], 'subject' | 'has_business_hours'>,
): AnalyticsSearch {
  const { subject } = metric
  return {
    ...search,
    hours: metric.has_business_hours ? search.hours : undefined,
    branch: subject === 'pull_request' || subject === 'pipeline' ? search.branch : undefined,
    label: subject === 'pull_request' ? search.label : undefined,
    severity: subject === 'vulnerability' ? search.severity : undefined,
  }
}

/** By what an address narrows a page and cannot narrow this figure, in words: *all labels*. */
export function widerThan(
  search: AnalyticsSearch,
  metric: Pick<RouteResponse<'listMetrics'>[number], 'subject' | 'has_business_hours' | 'unit'>,
): string[] {
  const asked = narrowTo(search, metric)
  const isWider = (field: 'branch' | 'label' | 'severity') =>
    (search[field]?.length ?? 0) > 0 && asked[field] === undefined
  const isOfAllHours = metric.unit === 'seconds' && search.hours === 'business' && asked.hours === undefined
  return [
    ...(isWider('branch') ? ['all branches'] : []),
    ...(isWider('label') ? ['all labels'] : []),
    ...(isWider('severity') ? ['all severities'] : []),
    ...(isOfAllHours ? ['all hours'] : []),
  ]
}

/** What of an address pull requests as a whole can be asked for. */
export function narrowToPullRequests(search: AnalyticsSearch): AnalyticsSearch {
  return narrowTo(search, { subject: 'pull_request', has_business_hours: false })
}

/** What of an address people's days can be asked for: what they do goes into no branch and has no label. */
export function narrowToPeople(search: AnalyticsSearch): AnalyticsSearch {
  return { ...narrowToPullRequests(search), branch: undefined, label: undefined }
}

/** What every figure of the page is asked for. */
export function scopeOf(search: AnalyticsSearch, now: Date): MetricScope {
  const { from, to } = rangeOf(search, now)
  return withoutEmpty({
    from: from.toISOString(),
    to: to.toISOString(),
    repository: search.repository,
    branch: search.branch,
    severity: search.severity,
    team: search.team,
    label: search.label,
    hours: search.hours,
  })
}

/** In months where it was in weeks: a week has too few vulnerabilities for a statistic. */
export function inMonths(question: MetricQuestion): MetricQuestion {
  return question.interval === 'week' ? { ...question, interval: 'month' } : question
}

/** The same with buckets: days up to a month, weeks up to a year, then months. */
export function questionOf(search: AnalyticsSearch, now: Date): MetricQuestion {
  const { from, to } = rangeOf(search, now)
  const length = (to.getTime() - from.getTime()) / dayMs
  return {
    ...scopeOf(search, now),
    interval: length <= 31 ? 'day' : length <= 370 ? 'week' : 'month',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    compare: 'true',
  }
}
