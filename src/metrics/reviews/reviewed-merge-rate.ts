import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const reviewedMergeRate: Metric = {
  key: 'reviewed_merge_rate',
  title: 'Merged after a review',
  description:
    'The share of merged pull requests that somebody else than the author commented on, approved or requested changes of before.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'reviews',
  goal: { direction: 'higher', target: 1 },
  facts: (scope) =>
    selectPullRequests(scope, { at: 'merged_at', value: sql`case when f.review_count > 0 then 1 else 0 end` }),
}
