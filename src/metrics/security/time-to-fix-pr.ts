import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const timeToFixPr: Metric = {
  key: 'time_to_fix_pr',
  title: 'Time to fix pull request',
  description: 'From when a vulnerability was found to when the first pull request that remedies it was opened.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectVulnerabilities(scope, { at: 'fix_opened_at', value: sql`f.to_fix_pr_s`, isSpan: true }),
}
