import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const unreviewedMerge: Metric = {
  key: 'unreviewed_merge',
  title: 'Merged without a review',
  description:
    'How many pull requests were merged without a comment, an approval or requested changes of anybody but the author and programs.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'count',
  group: 'reviews',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'merged_at', value: sql`case when f.review_count = 0 then 1 end` }),
}
