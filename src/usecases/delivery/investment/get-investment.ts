import type { InvestmentAnswer, InvestmentRow } from '../../../../contract/delivery/investment.ts'
import { leastValues } from '../../../domain/delivery/statistics.ts'
import { type Interval, listBuckets } from '../../../domain/delivery/time-buckets.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import {
  type InvestmentPart,
  listInvested,
  measureActiveDays,
  measureInvestment,
} from '../../../metrics/investment/measure-investment.ts'
import type { Db } from '../../../store/db.ts'
import { listInvestmentRules } from '../../../store/delivery/investment-rules.ts'
import { parseTimePage, splitTimePage } from '../../sync/time-cursor.ts'
import { readScope, type ScopeQuery } from '../metric-scope.ts'

type Deps = { db: Db; clock: Clock }
type Asked = ScopeQuery & { organizationId: string }
const subject = { subject: 'pull_request', title: 'Investment' } as const

/** What kinds of work merged pull requests were, as a whole and over time. Throws `validation_failed` as figures do. */
export async function getInvestment(
  deps: Deps,
  input: Asked & { interval?: Interval | undefined; time_zone?: string | undefined },
): Promise<InvestmentAnswer> {
  const { interval = 'week', time_zone: timeZone = 'UTC' } = input
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  const scope = await readScope(deps, subject, input)
  const rules = await listInvestmentRules(deps.db, scope.organizationId)
  const buckets = listBuckets(scope.range, interval, timeZone)
  const parts = await measureInvestment(deps.db, scope, { rules, buckets })
  const worked = await measureActiveDays(deps.db, scope, { rules, timeZone })
  const isTold = worked.people >= leastValues
  const days = worked.days.reduce((sum, one) => sum + one.days, 0)
  const categoryOf = (rule: number | null) => (rule === null ? null : (rules[rule]?.category ?? null))
  const counted = parts.filter(({ leftOut }) => leftOut === null)
  const total = sumOf(counted, 'pullRequests')
  const lines = sumOf(counted, 'lines')
  const categories = [...new Set(rules.map(({ category }) => category)), null].map((category) => {
    const own = counted.filter(({ rule }) => categoryOf(rule) === category)
    const pull_requests = sumOf(own, 'pullRequests')
    const ownLines = sumOf(own, 'lines')
    const ownDays = worked.days.find((one) => one.category === category)?.days ?? 0
    return {
      category,
      pull_requests,
      lines: ownLines,
      unsized: sumOf(own, 'unsized'),
      active_days: isTold ? ownDays : null,
      share: total === 0 ? null : pull_requests / total,
      share_of_lines: lines === 0 ? null : ownLines / lines,
      share_of_active_days: isTold ? ownDays / days : null,
    }
  })
  return {
    from: scope.range.from.toISOString(),
    to: scope.range.to.toISOString(),
    total,
    lines,
    active_days: isTold ? days : null,
    has_rules: rules.length > 0,
    without_paths: rules.some(({ field }) => field === 'path') ? sumOf(counted, 'withoutPaths') : 0,
    categories,
    excluded: listExcluded(parts),
    buckets: buckets.map(({ from, to }, index) => ({
      from: from.toISOString(),
      to: to.toISOString(),
      counts: categories.map(({ category }) =>
        sumOf(
          counted.filter(({ bucket, rule }) => bucket === index && categoryOf(rule) === category),
          'pullRequests',
        ),
      ),
    })),
  }
}

function sumOf(parts: readonly InvestmentPart[], field: 'pullRequests' | 'lines' | 'unsized' | 'withoutPaths'): number {
  return parts.reduce((sum, part) => sum + part[field], 0)
}

function listExcluded(parts: readonly InvestmentPart[]): { reason: string; count: number }[] {
  const byReason = Map.groupBy(parts, ({ leftOut }) => leftOut)
  return [...byReason]
    .flatMap(([reason, some]) => (reason === null ? [] : [{ reason, count: sumOf(some, 'pullRequests') }]))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/** The pull requests behind a category, latest first. A category no rule has is empty. */
export async function getInvestmentRows(
  deps: Deps,
  input: Asked & {
    cursor?: string | undefined
    limit?: number | undefined
    category?: string | undefined
    uncategorised?: 'true' | undefined
  },
): Promise<{ items: InvestmentRow[]; next: string | null }> {
  const { category, uncategorised } = input
  if (category !== undefined && uncategorised !== undefined)
    throw new AppError('validation_failed', 'uncategorised: it goes with no category.')
  const { after, limit } = parseTimePage(input)
  const scope = await readScope(deps, subject, input)
  const rules = await listInvestmentRules(deps.db, scope.organizationId)
  const ofCategory = rules.flatMap((rule, index) => (rule.category === category ? [index] : []))
  const rows = await listInvested(deps.db, scope, {
    rules,
    only: uncategorised === undefined ? (category === undefined ? undefined : ofCategory) : null,
    after: after === undefined ? null : { at: new Date(after.at), id: after.id },
    limit: limit + 1,
  })
  const { shown, next } = splitTimePage(rows, limit, ({ at }) => at)
  const items = shown.map(({ repositoryId, repositoryName, webUrl, at, rule, ...row }) => ({
    ...row,
    repository: { id: repositoryId, name: repositoryName },
    web_url: webUrl,
    merged_at: at.toISOString(),
    category: rule === null ? null : (rules[rule]?.category ?? null),
  }))
  return { items, next }
}
