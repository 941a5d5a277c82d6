import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityReviewTime: Metric = {
  key: 'security_review_time',
  title: 'Review of the fix',
  description: 'From the first review of the last pull request needed to its first approval.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'first_approval_at', value: sql`f.review_s`, isSpan: true }),
}
