import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const stoppedDeployments: Metric = {
  key: 'stopped_deployments',
  title: 'Stopped deployments',
  description: 'How many production deployments were stopped. They neither succeeded nor failed, and are in no rate.',
  unit: 'count',
  subject: 'deployment',
  shape: 'count',
  group: 'dora',
  goal: { direction: 'none', target: null },
  facts: (scope) =>
    selectDeployments(scope, {
      at: 'completed_at',
      value: sql`case when f.outcome = 'stopped' then 1 end`,
      where: sql`true`,
    }),
}
