import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const selfMerge: Metric = {
  key: 'self_merge',
  title: 'Merged by their author',
  description: 'How many pull requests were merged by whoever wrote them.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'count',
  group: 'reviews',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'merged_at', value: sql`case when f.is_self_merged then 1 end` }),
}
