import type { Metric } from '../metric.ts'
import { duration, selectPullRequests } from '../select-pull-requests.ts'

export const draftTime: Metric = {
  key: 'draft_time',
  title: 'Draft time',
  description:
    'From the opening of a pull request to the moment it was ready for review: 0 for one that never was a draft, unknown where nothing tells.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  hasBusinessHours: true,
  goal: { direction: 'none', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'ready_at', value: duration(scope, 'draft') }),
}
