import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const reviewRounds: Metric = {
  key: 'review_rounds',
  title: 'Rounds of review',
  description:
    'How often a comment or requested changes were followed by a new commit, in merged pull requests that were reviewed.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'reviews',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, { at: 'merged_at', value: sql`case when f.review_count > 0 then f.rounds end` }),
}
