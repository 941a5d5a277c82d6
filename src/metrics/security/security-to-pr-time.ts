import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityToPrTime: Metric = {
  key: 'security_to_pr_time',
  title: 'To pull request',
  description:
    'From triage to when the last pull request needed was opened; from the finding where nobody triaged it before.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'pr_opened_at', value: sql`f.to_pr_s`, isSpan: true }),
}
