import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

export const selfApproveOnly: Metric = {
  key: 'self_approve_only',
  title: 'Approved by their author alone',
  description: 'How many merged pull requests had no approval but the one of their author.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'count',
  group: 'reviews',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, { at: 'merged_at', value: sql`case when f.is_self_approved_only then 1 end` }),
}
