import * as activity from '../../../../contract/delivery/activity.ts'
import * as compared from '../../../../contract/delivery/compare.ts'
import * as explained from '../../../../contract/delivery/explain.ts'
import * as labels from '../../../../contract/delivery/labels.ts'
import * as contract from '../../../../contract/delivery/metrics.ts'
import * as pullRequests from '../../../../contract/delivery/pull-requests.ts'
import * as reviews from '../../../../contract/delivery/review-matrix.ts'
import { compareDelivery } from '../../../usecases/delivery/compare-delivery.ts'
import { explainMetric } from '../../../usecases/delivery/explain/explain-metric.ts'
import { getActivity } from '../../../usecases/delivery/get-activity.ts'
import { getMetric, getMetricRows, listMetricInfos } from '../../../usecases/delivery/get-metric.ts'
import { getPullRequest } from '../../../usecases/delivery/get-pull-request.ts'
import { getReviewMatrix } from '../../../usecases/delivery/get-review-matrix.ts'
import { listLabelRules, updateLabelRules } from '../../../usecases/delivery/label-rules.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

/** Each may work out the deployments of a whole repository. */
const explanationsPerMinute = 60

export function metricRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listMetrics, async () => listMetricInfos()),
    bind(contract.getMetric, async ({ params, query, principal: { organizationId } }) =>
      getMetric(context, { organizationId, key: params.key, ...query }),
    ),
    bind(
      explained.explainMetric,
      async ({ params, query, principal: { organizationId } }) =>
        explainMetric(context, { organizationId, key: params.key, ...query }),
      { perMinute: explanationsPerMinute },
    ),
    bind(contract.listMetricRows, async ({ params, query, principal: { organizationId } }) =>
      getMetricRows(context, { organizationId, key: params.key, ...query }),
    ),
    bind(activity.getActivity, async ({ query, principal: { organizationId } }) =>
      getActivity(context, { organizationId, ...query }),
    ),
    bind(reviews.getReviewMatrix, async ({ query, principal: { organizationId } }) =>
      getReviewMatrix(context, { organizationId, ...query }),
    ),
    bind(compared.compareDelivery, async ({ query, principal: { organizationId } }) =>
      compareDelivery(context, { organizationId, ...query }),
    ),
    bind(pullRequests.getPullRequest, async ({ params, principal: { organizationId } }) =>
      getPullRequest(context, { organizationId, id: params.id }),
    ),
    bind(labels.listLabelRules, async ({ principal: { organizationId } }) =>
      listLabelRules(context, { organizationId }),
    ),
    bind(labels.updateLabelRules, async ({ body, principal, request }) =>
      updateLabelRules(context, {
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
        items: body.items,
      }),
    ),
  ]
}
