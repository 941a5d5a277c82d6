import { metricGroups } from '../../src/metrics/metric.ts'
import { metrics } from '../../src/metrics/registry.ts'
import type { Db } from '../../src/store/db.ts'
import { listDeployments } from '../../src/usecases/delivery/deployments/list-deployments.ts'
import { getMetric, getMetricRows } from '../../src/usecases/delivery/get-metric.ts'
import { now, organizationId, repositoryId } from './facts.ts'

/** One request of a page, by what it asks for. */
export type Ask = { name: string; answer: () => Promise<unknown> }
/** What a page asks for at once. */
export type Screen = { name: string; asks: readonly Ask[] }

type Period = { name: string; days: number; interval: 'day' | 'week' | 'month' }
type Filter = { name: string; repository?: string[]; branch?: string[] }

// As the page parts them: by days up to a month, by weeks up to a year; months where somebody asks the API for them.
const periods: readonly Period[] = [
  { name: '30 days', days: 30, interval: 'day' },
  { name: '90 days', days: 90, interval: 'week' },
  { name: 'a year', days: 365, interval: 'week' },
  { name: 'a year by month', days: 365, interval: 'month' },
]
const filters: readonly Filter[] = [
  { name: '' },
  { name: ', one repository', repository: [repositoryId(1)] },
  { name: ', three repositories', repository: [repositoryId(0), repositoryId(2), repositoryId(3)] },
  { name: ', one branch', branch: ['release'] },
]
const dayMs = 24 * 3600_000
const zone = 'Europe/Berlin'

/** Every tab of Analytics for every period and filter, with the rows of its first figure; the deep pages; deployments. */
export function listScreens(db: Db): Screen[] {
  const deps = { db, clock: () => now }
  const tabs = periods.flatMap((period) =>
    filters.flatMap((filter) =>
      metricGroups.map((group) => ({
        name: `${group}, ${period.name}${filter.name}`,
        asks: askGroup(deps, { group, period, filter }),
      })),
    ),
  )
  return [...tabs, ...listDeploymentScreens(deps)]
}

/** Others are of no branch, and are not asked for one. */
const hasBranch = (subject: string) => subject === 'pull_request' || subject === 'pipeline'

type Deps = { db: Db; clock: () => Date }

function askGroup(deps: Deps, { group, period, filter }: { group: string; period: Period; filter: Filter }): Ask[] {
  const cards = metrics.filter((metric) => metric.group === group)
  const scopeOf = (subject: string) => ({
    organizationId,
    ...toRange(period.days),
    repository: filter.repository,
    branch: hasBranch(subject) ? filter.branch : undefined,
  })
  const figures = cards.map(({ key, subject }) => ({
    name: key,
    answer: () =>
      getMetric(deps, { ...scopeOf(subject), key, interval: period.interval, time_zone: zone, compare: 'true' }),
  }))
  const [first] = cards
  if (first === undefined) return figures
  const rows = {
    name: `${first.key} rows`,
    answer: () => getMetricRows(deps, { ...scopeOf(first.subject), key: first.key, limit: 50 }),
  }
  return [...figures, rows]
}

const opened = ['pr_cycle_time', 'unreviewed_merge', 'open_pr_age', 'rri', 'lead_time_changes', 'deployment_frequency']
const deepPages = 5

/** The rows behind a figure as somebody walks through them: the first page, and one a thousand rows on. */
export async function listRowScreens(db: Db): Promise<Screen[]> {
  const deps = { db, clock: () => now }
  const screens: Screen[] = []
  for (const days of [90, 365])
    for (const key of opened) {
      const asked = { organizationId, ...toRange(days), key, limit: 200 }
      let cursor: string | undefined
      for (let page = 0; page < deepPages; page += 1)
        cursor = (await getMetricRows(deps, { ...asked, cursor })).next ?? undefined
      const one = (name: string, place: string | undefined): Screen => ({
        name: `rows of ${key}, ${days} days, ${name} page`,
        asks: [{ name: 'rows', answer: () => getMetricRows(deps, { ...asked, cursor: place, limit: 50 }) }],
      })
      screens.push(one('first', undefined), ...(cursor === undefined ? [] : [one('deep', cursor)]))
    }
  return screens
}

function listDeploymentScreens({ db }: Deps): Screen[] {
  const list = (name: string, asked: { repository?: string[]; cursor?: string }): Screen => ({
    name: `deployments, ${name}`,
    asks: [
      { name: 'list', answer: () => listDeployments({ db }, { organizationId, ...toRange(365), limit: 50, ...asked }) },
    ],
  })
  return [list('a year', {}), list('a year, one repository', { repository: [repositoryId(1)] })]
}

function toRange(days: number): { from: string; to: string } {
  // Up to the next midnight of the reader, as the page asks.
  const to = new Date(Date.parse('2026-11-01T23:00:00Z'))
  return { from: new Date(to.getTime() - days * dayMs).toISOString(), to: to.toISOString() }
}
