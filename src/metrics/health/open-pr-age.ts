import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectOpenPullRequests } from '../select-pull-requests.ts'

export const openPrAge: Metric = {
  key: 'open_pr_age',
  title: 'Age of open pull requests',
  description: 'How long pull requests that are open have been ready. Drafts are not.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'age',
  group: 'health',
  goal: { direction: 'lower', target: null },
  parts: [1, 3, 7, 14, 30].map((days) => days * 86_400),
  facts: (scope) => selectOpenPullRequests(scope, { at: sql`f.ready_at`, until: sql`f.ended_at` }),
}
