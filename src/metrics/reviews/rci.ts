import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const rci: Metric = {
  key: 'rci',
  title: 'Commented on',
  description:
    'The share of pull requests that somebody else commented on or requested changes of, among those reviewed or merged.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'reviews',
  goal: { direction: 'higher', target: 0.9, amber: 0.7 },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'pickup_ended_at',
      value: sql`case when f.feedback_count > 0 then 1 else 0 end`,
      where: sql`(f.pickup_s is not null or f.state = 'merged')`,
    }),
}
