import * as activity from '../../../../contract/delivery/activity.ts'
import * as contract from '../../../../contract/delivery/metrics.ts'
import * as reviews from '../../../../contract/delivery/review-matrix.ts'
import { getActivity } from '../../../usecases/delivery/get-activity.ts'
import { getMetric, getMetricRows, listMetricInfos } from '../../../usecases/delivery/get-metric.ts'
import { getReviewMatrix } from '../../../usecases/delivery/get-review-matrix.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function metricRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listMetrics, async () => listMetricInfos()),
    bind(contract.getMetric, async ({ params, query, principal: { organizationId } }) =>
      getMetric(context, { organizationId, key: params.key, ...query }),
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
  ]
}
