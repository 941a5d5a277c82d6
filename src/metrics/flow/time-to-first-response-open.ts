import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectOpenPullRequests } from '../select-pull-requests.ts'

export const timeToFirstResponseOpen: Metric = {
  key: 'time_to_first_response_open',
  title: 'Waiting for a first review',
  description: 'How long pull requests that are open and were not reviewed yet have been ready.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'age',
  group: 'flow',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectOpenPullRequests(scope, { at: sql`f.ready_at`, until: sql`least(f.first_review_at, f.ended_at)` }),
}
