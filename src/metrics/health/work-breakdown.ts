import { sql } from 'kysely'
import { recentDays } from '../../store/delivery/line-parts.ts'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

type Part = {
  key: 'new_lines' | 'rework_lines' | 'help_lines' | 'refactored_lines'
  title: string
  description: string
}

function toMetric({ key, title, description }: Part): Metric {
  return {
    key,
    title,
    description: `${description} A line that is replaced counts once. Without ignored files.`,
    unit: 'lines',
    subject: 'pull_request',
    shape: 'total',
    group: 'health',
    goal: { direction: 'none', target: null },
    facts: (scope) =>
      selectPullRequests(scope, {
        at: 'merged_at',
        value: sql.ref(`f.${key}`),
        leftOut: sql`coalesce(f.left_out, f.lines_left_out)`,
      }),
  }
}

/** The four parts of changed lines of merged pull requests: together they are all of them, and none is in two. */
export const workBreakdown: readonly Metric[] = [
  toMetric({
    key: 'new_lines',
    title: 'New lines',
    description: 'Lines of merged pull requests that take the place of no other.',
  }),
  toMetric({
    key: 'rework_lines',
    title: 'Rework',
    description: `Lines changed or removed within ${recentDays} days by those who wrote them.`,
  }),
  toMetric({
    key: 'help_lines',
    title: 'Help for others',
    description: `Lines of other people, changed or removed within ${recentDays} days.`,
  }),
  toMetric({
    key: 'refactored_lines',
    title: 'Refactoring',
    description: `Lines older than ${recentDays} days, changed or removed.`,
  }),
]
