import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const changeFailureRate: Metric = {
  key: 'change_failure_rate',
  title: 'Change failure rate',
  description:
    'The share of production deployments that failed by an incident, a rollback, a hotfix soon after, or a person’s word.',
  unit: 'ratio',
  subject: 'deployment',
  shape: 'ratio',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectDeployments(scope, {
      at: 'completed_at',
      value: sql`case when f.failed_by is null then 0 else 1 end`,
      where: sql`f.outcome <> 'stopped'`,
    }),
}
