import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const securityMergeWait: Metric = {
  key: 'security_merge_wait',
  title: 'Merge wait of the fix',
  description:
    'From the approval of the last pull request needed to its merge; from its first review or its opening where there is none.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'merged_at', value: sql`f.merge_wait_s`, isSpan: true }),
}
