import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const fri: Metric = {
  key: 'fri',
  title: 'Answered within a day',
  description:
    'The share of merged pull requests that got a new commit within 24 hours of their first review comment, among those that had one.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'reviews',
  goal: { direction: 'higher', target: null },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'merged_at',
      value: sql`case when f.answered_after_s <= 86400 then 1 else 0 end`,
      where: sql`f.feedback_count > 0`,
    }),
}
