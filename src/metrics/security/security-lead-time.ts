import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityLeadTime: Metric = {
  key: 'security_lead_time',
  title: 'Security lead time',
  description: 'From when a vulnerability was found to when the last pull request it needed was in production.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'deployed_at', value: sql`f.lead_s`, isSpan: true }),
}
