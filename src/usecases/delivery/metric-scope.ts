import type { TimeRange } from '../../domain/delivery/time-buckets.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Metric, MetricScope } from '../../metrics/metric.ts'
import { findMetric } from '../../metrics/registry.ts'
import type { Db } from '../../store/db.ts'
import { listKnownRepositoryIds } from '../../store/delivery/filter-repositories.ts'

export type ScopeQuery = {
  from?: string | undefined
  to?: string | undefined
  repository?: string[] | undefined
  branch?: string[] | undefined
  severity?: string[] | undefined
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

const branched: ReadonlySet<Metric['subject']> = new Set(['pull_request', 'pipeline'])

/** What a request asks about. Throws `validation_failed` for an empty range, for a repository that is not here, for a branch of what has none, and for a severity of what is no vulnerability. */
export async function readScope(
  { db, clock }: { db: Db; clock: Clock },
  metric: Pick<Metric, 'subject' | 'title'>,
  { organizationId, ...query }: ScopeQuery & { organizationId: string },
): Promise<MetricScope> {
  const { repository, branch, severity } = query
  if (!branched.has(metric.subject) && branch !== undefined)
    throw new AppError(
      'validation_failed',
      `branch: ${metric.subject}s, of which “${metric.title}” is, have none to choose.`,
    )
  if (metric.subject !== 'vulnerability' && severity !== undefined)
    throw new AppError('validation_failed', `severity: “${metric.title}” has none.`)
  const now = clock()
  const range = readRange(query, now)
  if (repository !== undefined) {
    const known = new Set(await listKnownRepositoryIds(db, { organizationId, ids: repository }))
    const strange = repository.find((id) => !known.has(id))
    if (strange !== undefined) throw new AppError('validation_failed', `repository: there is no ${strange} here.`)
  }
  return { organizationId, repositoryIds: repository, branches: branch, severities: severity, range, now }
}

function readRange({ from, to }: ScopeQuery, now: Date): TimeRange {
  const end = to === undefined ? now : new Date(to)
  const begin = from === undefined ? new Date(end.getTime() - defaultDays * dayMs) : new Date(from)
  if (begin >= end) throw new AppError('validation_failed', 'from: it has to lie before `to`.')
  if (end.getTime() - begin.getTime() > longestDays * dayMs)
    throw new AppError('validation_failed', 'from: a range may be ten years long.')
  return { from: begin, to: end }
}
