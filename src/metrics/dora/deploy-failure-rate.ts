import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const deployFailureRate: Metric = {
  key: 'deploy_failure_rate',
  title: 'Failed deployments',
  description: 'The share of production deployments that did not succeed themselves, whatever they broke.',
  unit: 'ratio',
  subject: 'deployment',
  shape: 'ratio',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectDeployments(scope, {
      at: 'completed_at',
      value: sql`case when f.outcome = 'failed' then 1 else 0 end`,
      where: sql`f.outcome <> 'stopped'`,
    }),
}
