import { sql } from 'kysely'
import { selectDeployments } from '../dora/select-deployments.ts'
import type { Metric } from '../metric.ts'

export const securityDeployShare: Metric = {
  key: 'security_deploy_share',
  title: 'Deployments with a fix',
  description:
    'The share of successful production deployments that brought at least one pull request that remedies a vulnerability.',
  unit: 'ratio',
  subject: 'deployment',
  shape: 'ratio',
  group: 'security',
  goal: { direction: 'none', target: null },
  facts: (scope) =>
    selectDeployments(scope, {
      at: 'completed_at',
      // A change is in production by the moment its deployment ended.
      value: sql`(f.deployment_id in (
        select c.deployment_id from deployment_change c
        where c.organization_id = ${scope.organizationId}::uuid and c.is_security_work
          and c.deployed_at >= ${scope.range.from} and c.deployed_at < ${scope.range.to}))::int`,
      where: sql`f.outcome = 'successful'`,
    }),
}
