import { processDelivery } from '../usecases/sync/process-delivery.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { deliveriesData, type JobHandler } from './handler.ts'

export function processDeliveriesJob(deps: SyncDeps): JobHandler {
  return async (data) => {
    const { organizationId, deliveryIds } = deliveriesData.parse(data)
    for (const deliveryId of deliveryIds) await processDelivery(deps, { organizationId, deliveryId })
  }
}
