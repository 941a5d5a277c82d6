import type { Metric } from '../metric.ts'
import { duration } from '../select-pull-requests.ts'
import { selectChanges } from './select-changes.ts'

export const leadTimeChanges: Metric = {
  key: 'lead_time_changes',
  title: 'Lead time for changes',
  description:
    'From the first commit of a pull request to the end of the first production deployment that contains it.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'dora',
  hasBusinessHours: true,
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectChanges(scope, duration(scope, 'lead')),
}
