import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityPickupStage: Metric = {
  key: 'security_pickup_stage',
  title: 'Pickup of the fix',
  description: 'From when the last pull request needed was opened to its first review, drafts included.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'first_review_at', value: sql`f.pickup_s`, isSpan: true }),
}
