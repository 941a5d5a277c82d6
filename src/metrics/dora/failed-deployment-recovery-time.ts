import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectDeployments } from './select-deployments.ts'

export const failedDeploymentRecoveryTime: Metric = {
  key: 'failed_deployment_recovery_time',
  title: 'Recovery time',
  description:
    'From the end of a failed deployment until its incident was resolved, or a rollback or hotfix was there.',
  unit: 'seconds',
  subject: 'deployment',
  shape: 'distribution',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectDeployments(scope, { at: 'recovered_at', value: sql`f.recovery_s`, where: sql`f.failed_by is not null` }),
}
