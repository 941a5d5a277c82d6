import { processDeliveries } from '../usecases/sync/process-delivery.ts'
import type { SyncDeps } from '../usecases/sync/sync-deps.ts'
import { deliveriesData, type JobHandler } from './handler.ts'

export function processDeliveriesJob(deps: SyncDeps): JobHandler {
  return async (data) => processDeliveries(deps, deliveriesData.parse(data))
}
