import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const pickupTime: Metric = {
  key: 'pickup_time',
  title: 'Pickup time',
  description:
    'From ready to the first review by somebody else: a comment, an approval or requested changes. What ended without a review has none and lowers the coverage.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'pickup_ended_at', value: duration(scope, 'pickup') }),
}
