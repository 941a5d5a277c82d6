import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

export const slaInProduction: Metric = {
  key: 'sla_in_production',
  title: 'Deadlines met in production',
  description:
    'The share of deadlines by which the fix was in production. A merge alone does not meet one. Without a value where nothing tells what is deployed.',
  unit: 'ratio',
  subject: 'vulnerability',
  shape: 'ratio',
  group: 'security',
  goal: { direction: 'higher', target: 1 },
  // A deadline that has not passed is not settled, whatever the range asked about.
  facts: (scope) =>
    selectVulnerabilities(scope, {
      at: 'sla_at',
      value: sql`f.is_sla_met::int`,
      where: sql`f.sla_at <= ${scope.now}`,
      isSpan: false,
    }),
}
