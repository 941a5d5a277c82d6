import type { DeliveryFilter } from '../../../api/deliveries.ts'
import { readChoice, readChoices, readMany, readOne, type SearchText, withoutEmpty } from '../../../search-params.ts'

export const deliveryStates = [
  'received',
  'processed',
  'ignored',
  'queued',
  'waiting',
  'done',
  'failed',
  'cancelled',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

export type DeliverySearch = {
  direction?: 'in' | 'out' | undefined
  state?: DeliveryState[] | undefined
  connection_id?: string[] | undefined
  vulnerability_id?: string | undefined
  delivery?: string | undefined
}

export function toDeliverySearch(search: SearchText): DeliverySearch {
  return withoutEmpty({
    direction: readChoice(search, 'direction', ['in', 'out'] as const),
    state: readChoices(search, 'state', deliveryStates),
    connection_id: readMany(search, 'connection_id'),
    vulnerability_id: readOne(search, 'vulnerability_id'),
    delivery: readOne(search, 'delivery'),
  })
}

/** The open drawer is in the address, but not part of what is asked. */
export function toDeliveryFilter({ delivery: _open, ...filter }: DeliverySearch): DeliveryFilter {
  return filter
}
