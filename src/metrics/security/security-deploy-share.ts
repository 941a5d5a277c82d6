import { sql } from 'kysely'
import { selectDeployments } from '../dora/select-deployments.ts'
import type { Metric } from '../metric.ts'
import { isSecurityWork } from './select-vulnerabilities.ts'

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
      value: sql`(f.deployment_id in (select deployment_id from (
        select f.deployment_id from deployment_change f
        where f.organization_id = ${scope.organizationId}::uuid and ${isSecurityWork(scope)}) fix))::int`,
      where: sql`f.outcome = 'successful'`,
    }),
}
