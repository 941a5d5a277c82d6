import * as explained from '../../../../contract/delivery/explain.ts'
import * as contract from '../../../../contract/delivery/metrics.ts'
import { explainMetric } from '../../../usecases/delivery/explain/explain-metric.ts'
import { getMetric, getMetricRows, listMetricInfos } from '../../../usecases/delivery/get-metric.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function metricRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listMetrics, async () => listMetricInfos()),
    bind(contract.getMetric, async ({ params, query, principal: { organizationId } }) =>
      getMetric(context, { organizationId, key: params.key, ...query }),
    ),
    bind(explained.explainMetric, async ({ params, query, principal: { organizationId } }) =>
      explainMetric(context, { organizationId, key: params.key, ...query }),
    ),
    bind(contract.listMetricRows, async ({ params, query, principal: { organizationId } }) =>
      getMetricRows(context, { organizationId, key: params.key, ...query }),
    ),
  ]
}
