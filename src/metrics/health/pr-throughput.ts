import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const prThroughput: Metric = {
  key: 'pr_throughput',
  title: 'Merged pull requests',
  description: 'How many pull requests were merged. Several that one commit merged are one change.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'count',
  group: 'health',
  goal: { direction: 'higher', target: null },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'merged_at',
      value: sql`1`,
      leftOut: sql`coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end)`,
    }),
}
