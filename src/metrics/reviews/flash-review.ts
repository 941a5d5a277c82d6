import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const flashReview: Metric = {
  key: 'flash_review',
  title: 'Approved at a glance',
  description: 'How many pull requests of more than 200 lines were approved within five minutes of ready.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'count',
  group: 'reviews',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'review_ended_at',
      value: sql`case when f.is_flash_reviewed then 1 end`,
      where: sql`f.first_approval_at is not null`,
    }),
}
