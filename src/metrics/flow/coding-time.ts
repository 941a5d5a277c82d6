import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const codingTime: Metric = {
  key: 'coding_time',
  title: 'Coding time',
  description:
    'From the first commit of a pull request to the moment it was ready for review, its time as a draft with it. Unknown while no clone told its commits.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'ready_at', value: duration(scope, 'coding') }),
}
