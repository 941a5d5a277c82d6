import type { Delivery, Hook } from '../model.ts'
import { notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { startDelivery } from '../webhooks/deliver.ts'

const dayMs = 86_400_000

/** The requests of a hook that are kept, newest first: since its history was enabled, and not too many nor too old. */
export function historyOf(sim: Sim, hook: Hook): Delivery[] {
  const { historySince } = hook
  if (historySince === null) return []
  const { entries, days } = sim.switches.hookHistory
  const oldest = sim.clock() - days * dayMs
  return sim.deliveries
    .filter((one) => one.hookUuid === hook.uuid && one.createdOn >= historySince && Date.parse(one.createdOn) >= oldest)
    .toReversed()
    .slice(0, entries)
}

/** One of them. `uuid` without braces. */
export function getHistoryEntry(sim: Sim, hook: Hook, uuid: string): Delivery {
  const found = historyOf(sim, hook).find((one) => one.uuid === uuid)
  if (found === undefined) throw notFound('This request is not in the history.')
  return found
}

/** Sends the same body again, as a request of its own. */
export function resendEntry(sim: Sim, hook: Hook, uuid: string): void {
  const { event, body } = getHistoryEntry(sim, hook, uuid)
  startDelivery(sim, hook, { event, body })
}
