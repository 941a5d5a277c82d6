import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** One line of the log: an inbound webhook (`in`) or an outbound operation (`out`). */
export const delivery = z.object({
  id,
  direction: z.enum(['in', 'out']),
  /** Event key of a webhook, kind of an operation, or `report_commit`. */
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
  /** It failed for good: it can be given up, so that what stands behind it goes on. */
  can_skip: z.boolean(),
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
  response: z.object({
    ...delivery.shape,
    content: z.string(),
    /** Attempts that did not succeed, oldest first; at most the latest twenty. */
    failed_attempts: z.array(z.object({ at: timestamp, error_code: z.string(), error: z.string() })),
    /** What is lost when it is skipped. */
    loss: z.string().nullable(),
  }),
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

export const skipDelivery = defineRoute({
  id: 'skipDelivery',
  method: 'POST',
  path: '/api/v1/deliveries/:id/skip',
  summary: 'Give up what failed for good; what stands behind it goes on',
  tag: 'Deliveries',
  access: 'delivery.retry',
  status: 200,
  params: idParams,
  response: delivery,
})

/** All that failed for good with the same error on the same connection, one way. */
export const deliveryFailure = z.object({
  direction: delivery.shape.direction,
  connection: delivery.shape.connection,
  error_code: z.string(),
  /** One of the sentences. */
  error: z.string(),
  count: z.number().int(),
  oldest_at: timestamp,
})

export type DeliveryFailure = z.infer<typeof deliveryFailure>

export const listDeliveryFailures = defineRoute({
  id: 'listDeliveryFailures',
  method: 'GET',
  path: '/api/v1/delivery-failures',
  summary: 'What failed for good, by connection and error',
  tag: 'Deliveries',
  access: 'delivery.read',
  status: 200,
  response: z.object({ items: z.array(deliveryFailure) }),
})

export const retryDeliveryFailures = defineRoute({
  id: 'retryDeliveryFailures',
  method: 'POST',
  path: '/api/v1/delivery-failures/retry',
  summary: 'Try everything again that failed with the same error on the same connection, up to 500 at once',
  tag: 'Deliveries',
  access: 'delivery.retry',
  status: 202,
  body: z.strictObject({
    direction: delivery.shape.direction,
    connection_id: id,
    error_code: z.string().min(1).max(100),
  }),
  response: z.object({ retried: z.number().int() }),
})
