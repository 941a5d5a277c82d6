import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** One line of the log: an inbound webhook (`in`) or an outbound operation (`out`). */
export const delivery = z.object({
  id,
  direction: z.enum(['in', 'out']),
  /** Event key of a webhook, or kind of an operation. */
  kind: z.string(),
  connection: z.object({ id, name: z.string() }),
  vulnerability: z.object({ id, number: z.number().int(), title: z.string() }).nullable(),
  state: z.enum(['received', 'processed', 'ignored', 'queued', 'waiting', 'done', 'failed', 'cancelled']),
  outcome: z.string().nullable(),
  attempts: z.number().int(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  next_attempt_at: timestamp.nullable(),
  at: timestamp,
  finished_at: timestamp.nullable(),
  /** What may be done with it now. */
  action: z.enum(['retry', 'replay', 'none']),
})

export type Delivery = z.infer<typeof delivery>

export const listDeliveries = defineRoute({
  id: 'listDeliveries',
  method: 'GET',
  path: '/api/v1/deliveries',
  summary: 'Deliveries in and out, newest first',
  tag: 'Deliveries',
  access: 'delivery.read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    direction: z.enum(['in', 'out']).optional(),
    state: repeated(delivery.shape.state),
    connection_id: repeated(id),
    vulnerability_id: id.optional(),
  }),
  response: page(delivery),
})

export const getDelivery = defineRoute({
  id: 'getDelivery',
  method: 'GET',
  path: '/api/v1/deliveries/:id',
  summary: 'One delivery with what was sent or received (secrets removed)',
  tag: 'Deliveries',
  access: 'delivery.read',
  status: 200,
  params: idParams,
  response: z.object({ ...delivery.shape, content: z.string() }),
})

export const retryDelivery = defineRoute({
  id: 'retryDelivery',
  method: 'POST',
  path: '/api/v1/deliveries/:id/retry',
  summary: 'Retry an outbound operation, or replay an inbound webhook, now',
  tag: 'Deliveries',
  access: 'delivery.retry',
  status: 202,
  params: idParams,
  response: delivery,
})
