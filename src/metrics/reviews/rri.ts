import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

const dayMs = 24 * 3600_000

export const rri: Metric = {
  key: 'rri',
  title: 'Reviewed within a day',
  description:
    'The share of pull requests whose first review came within 24 hours of ready, of those ready at least 24 hours ago.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'reviews',
  goal: { direction: 'higher', target: 0.8, amber: 0.6 },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'ready_at',
      value: sql`case when f.pickup_s <= 86400 then 1 else 0 end`,
      where: sql`f.ready_at <= ${new Date(scope.now.getTime() - dayMs)}`,
    }),
}
