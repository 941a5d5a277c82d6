import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

/** As other tools know the cycle time: what was a draft before counts from when it was opened. */
export const openedToMerge: Metric = {
  key: 'opened_to_merge',
  title: 'Opened to merged',
  description: 'From opening a pull request to its merge, the time as a draft with it.',
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'flow',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'merged_at',
      value: sql`floor(date_part('epoch', f.merged_at - f.opened_at))::integer`,
      leftOut: sql`f.span_left_out`,
    }),
}
