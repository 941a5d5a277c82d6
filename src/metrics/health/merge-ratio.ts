import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const mergeRatio: Metric = {
  key: 'merge_ratio',
  title: 'Merged of those that ended',
  description:
    'The share of pull requests that were merged, of those merged or declined. Superseded ones are counted apart.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'health',
  goal: { direction: 'higher', target: null },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'ended_at',
      value: sql`case f.state when 'merged' then 1 else 0 end`,
      leftOut: sql`coalesce(f.left_out, case f.state when 'superseded' then 'superseded' end)`,
    }),
}
