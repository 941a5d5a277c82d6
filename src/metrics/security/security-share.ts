import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const securityShare: Metric = {
  key: 'security_share',
  title: 'Security work',
  description: 'The share of merged pull requests that remedy a vulnerability.',
  unit: 'ratio',
  subject: 'pull_request',
  shape: 'ratio',
  group: 'security',
  goal: { direction: 'none', target: null },
  facts: (scope) => selectPullRequests(scope, { at: 'merged_at', value: sql`f.is_security_work::int` }),
}
