import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const reviewTime: Metric = {
  key: 'review_time',
  title: 'Review time',
  description:
    'From the first review to the first approval: 0 where the first review is one. What ended without an approval has none and lowers the coverage.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'review_ended_at', value: duration(scope, 'review') }),
}
