import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityDeployTime: Metric = {
  key: 'security_deploy_time',
  title: 'Deployment of the fix',
  description:
    'From the merge of the last pull request needed to the end of the first production deployment that contains it.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'deployed_at', value: sql`f.deploy_s`, isSpan: true }),
}
