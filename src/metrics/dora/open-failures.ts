import { sql } from 'kysely'
import type { LastingFact, Metric } from '../metric.ts'
import { narrowDeployments, repositoryLeftOut } from '../select-pull-requests.ts'

export const openFailures: Metric = {
  key: 'open_failures',
  title: 'Failures that last',
  description:
    'How long failed deployments have been without a recovery: their incident lasts, and no rollback or hotfix followed.',
  unit: 'seconds',
  subject: 'deployment',
  shape: 'age',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) => sql<LastingFact>`
    select f.deployment_id as id, f.repository_id, f.completed_at as at, f.recovered_at as until,
      ${repositoryLeftOut} as left_out
    from deployment_figures f
    where f.organization_id = ${scope.organizationId}::uuid and f.failed_by is not null
      and f.completed_at < ${scope.range.to} and (f.recovered_at is null or f.recovered_at >= ${scope.range.from})
      ${narrowDeployments(scope)}`,
}
