import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const deploymentReworkRate: Metric = {
  key: 'deployment_rework_rate',
  title: 'Rework rate',
  description: 'The share of successful production deployments that were made only to repair.',
  unit: 'ratio',
  subject: 'deployment',
  shape: 'ratio',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectDeployments(scope, {
      at: 'completed_at',
      value: sql`case when f.is_rework then 1 else 0 end`,
      where: sql`f.outcome = 'successful'`,
    }),
}
