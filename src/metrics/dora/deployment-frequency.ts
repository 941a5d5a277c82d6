import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const deploymentFrequency: Metric = {
  key: 'deployment_frequency',
  title: 'Deployments a day',
  description: 'Successful production deployments by day; attempts, steps and regions of one pipeline are one.',
  unit: 'per_day',
  subject: 'deployment',
  shape: 'rate',
  group: 'dora',
  goal: { direction: 'higher', target: null },
  facts: (scope) =>
    selectDeployments(scope, { at: 'completed_at', value: sql`1`, where: sql`f.outcome = 'successful'` }),
}
