import { processDelivery } from '../usecases/sync/process-delivery.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { deliveryData, type JobHandler } from './handler.ts'

export function processDeliveryJob(deps: SyncDeps): JobHandler {
  return (data) => processDelivery(deps, deliveryData.parse(data))
}
