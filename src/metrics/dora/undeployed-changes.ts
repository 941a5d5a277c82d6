import { sql } from 'kysely'
import type { LastingFact, Metric } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

/** What waits longer was merged to something that never goes into production. */
const daysAtMost = 90

/** The other side of the deploy time, which tells of what arrived. Of repositories of which deployments are known. */
export const undeployedChanges: Metric = {
  key: 'undeployed_changes',
  title: 'Merged, not deployed',
  description: `Pull requests merged within ${daysAtMost} days that are in no production deployment yet, since the first one of their repository.`,
  unit: 'count',
  subject: 'pull_request',
  shape: 'backlog',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) => {
    const since = sql`${scope.range.from}::timestamptz - make_interval(days => ${daysAtMost})`
    // The first deployment is the repository's, also where one pull request alone is looked at.
    return sql<LastingFact>`
      select f.pull_request_id as id, f.repository_id, f.merged_at as at,
        least(c.deployed_at, f.merged_at + make_interval(days => ${daysAtMost})) as until,
        coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
      from pull_request_figures f
      join (
        select r.id, known.completed_at from repository r cross join lateral (
          select d.completed_at from public.deployment_figures d
          where d.organization_id = r.organization_id and d.repository_id = r.id and d.outcome = 'successful'
          order by d.completed_at limit 1) known
        where r.organization_id = ${scope.organizationId}::uuid) first
        on first.id = f.repository_id and f.merged_at >= first.completed_at
      left join (
        select c.pull_request_id, c.deployed_at from deployment_change c
        where c.organization_id = ${scope.organizationId}::uuid and c.deployed_at >= ${since} - interval '10 days') c
        on c.pull_request_id = f.pull_request_id
      where f.organization_id = ${scope.organizationId}::uuid and f.merged_at >= ${since} and f.merged_at < ${scope.range.to}
        ${narrow(scope)}`
  },
}
