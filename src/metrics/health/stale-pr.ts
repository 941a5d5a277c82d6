import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectOpenPullRequests } from '../select-pull-requests.ts'

export const stalePr: Metric = {
  key: 'stale_pr',
  title: 'Stale pull requests',
  description:
    'How many open pull requests nobody but programs touched for 14 days. Of an earlier day, those that nobody touched since.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'backlog',
  group: 'health',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectOpenPullRequests(scope, { at: sql`f.last_activity_at + interval '336 hours'`, until: sql`f.ended_at` }),
}
