import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const mergeWait: Metric = {
  key: 'merge_wait',
  title: 'Merge wait',
  description: 'From the first approval to the merge; without one from the first review, without that from ready.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, { at: 'merged_at', value: duration(scope, 'merge_wait'), leftOut: sql`f.span_left_out` }),
}
