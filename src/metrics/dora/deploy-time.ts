import type { Metric } from '../metric.ts'
import { duration } from '../select-pull-requests.ts'
import { selectChanges } from './select-changes.ts'

export const deployTime: Metric = {
  key: 'deploy_time',
  title: 'Deploy time',
  description:
    'From the merge to the end of the first production deployment that contains it. What is not deployed yet is in none.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'dora',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectChanges(scope, duration(scope, 'deploy')),
}
