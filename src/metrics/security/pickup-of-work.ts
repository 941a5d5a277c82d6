import { sql } from 'kysely'
import type { Metric, MetricScope } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

const shared = {
  unit: 'seconds',
  subject: 'pull_request',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
} as const

/** What is said of both, so that their difference is the security pickup gap. */
export const securityPickup: Metric = {
  ...shared,
  key: 'security_pickup',
  title: 'Pickup of security work',
  description: 'From ready to the first review, of pull requests that remedy a vulnerability.',
  facts: (scope) =>
    selectPullRequests(scope, { at: 'pickup_ended_at', value: sql`f.pickup_s`, where: sql`f.is_security_work` }),
}

export const otherPickup: Metric = {
  ...shared,
  key: 'other_pickup',
  title: 'Pickup of other work',
  description:
    'From ready to the first review, of the other pull requests in repositories where one ever remedied a vulnerability.',
  facts: (scope) =>
    selectPullRequests(scope, {
      at: 'pickup_ended_at',
      value: sql`f.pickup_s`,
      where: sql`not f.is_security_work and f.repository_id = any(array(${selectRepositories(scope)}))`,
    }),
}

/** Work elsewhere is compared with nothing. Whatever the period, so that parts of it add up to the whole. */
function selectRepositories(scope: MetricScope) {
  return sql`select distinct p.repository_id from pull_request_figures p
    where p.organization_id = ${scope.organizationId}::uuid and p.is_security_work`
}
