import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const pickupTime: Metric = {
  key: 'pickup_time',
  title: 'Pickup time',
  description:
    'From ready to the first review by somebody else: a comment, an approval or requested changes. What ended without a review has none and lowers the coverage.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'pickup_ended_at', value: sql`f.pickup_s` }),
}
