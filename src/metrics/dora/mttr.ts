import { sql } from 'kysely'
import type { Metric, MetricFact } from '../metric.ts'
import { narrowDeployments, repositoryLeftOut } from '../select-pull-requests.ts'

/** As other tools know it: of incidents, whatever deployment they are charged to. Those that last are in none. */
export const mttr: Metric = {
  key: 'mttr',
  title: 'Mean time to resolve',
  description: 'From the beginning of an incident until it was resolved, by the day of that. What lasts is in none.',
  unit: 'seconds',
  subject: 'incident',
  shape: 'distribution',
  usualStatistic: 'mean',
  group: 'dora',
  goal: { direction: 'lower', target: null },
  facts: (scope) => sql<MetricFact>`
    select f.id, f.repository_id, f.resolved_at as at, floor(extract(epoch from f.resolved_at - f.began_at))::bigint as value,
      ${repositoryLeftOut} as left_out
    from incident f
    where f.organization_id = ${scope.organizationId}::uuid
      and f.resolved_at >= ${scope.range.from} and f.resolved_at < ${scope.range.to}
      ${narrowDeployments(scope)}`,
}
