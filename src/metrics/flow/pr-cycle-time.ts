import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const prCycleTime: Metric = {
  key: 'pr_cycle_time',
  title: 'Cycle time of pull requests',
  description: 'From ready for review to the merge.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, { at: 'merged_at', value: duration(scope, 'cycle'), leftOut: sql`f.span_left_out` }),
}
