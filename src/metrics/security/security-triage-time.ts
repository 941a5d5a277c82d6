import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityTriageTime: Metric = {
  key: 'security_triage_time',
  title: 'Triage',
  description: 'From when a vulnerability was found until a person first did anything about it, or it was sent.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'triaged_at', value: sql`f.triage_s`, isSpan: true }),
}
