import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const prSize: Metric = {
  key: 'pr_size',
  title: 'Size of pull requests',
  description:
    'Lines added and removed by merged pull requests, without ignored files. Unknown while no clone told them.',
  unit: 'lines',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'health',
  goal: { direction: 'lower', target: null },
  parts: [200, 400, 600, 800],
  facts: (scope) => selectPullRequests(scope, { at: 'merged_at', value: sql`f.changed_lines` }),
}
