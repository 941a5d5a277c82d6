import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const reopenRate: Metric = {
  key: 'reopen_rate',
  title: 'Reopened of those fixed',
  description: 'The share of vulnerabilities that were found again, of those first fixed in this period.',
  unit: 'ratio',
  subject: 'vulnerability',
  shape: 'ratio',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectVulnerabilities(scope, { at: 'first_fixed_at', value: sql`f.is_reopened::int`, isSpan: false }),
}
