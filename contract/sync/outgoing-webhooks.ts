import * as z from 'zod'
import { outgoingEventTypes, outgoingKinds } from '../../src/domain/outgoing/outgoing-event.ts'
import { id, idParams, name, page, pageQuery, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const outgoingEventType = z.enum(outgoingEventTypes)
const events = z.array(outgoingEventType).min(1).max(outgoingEventTypes.length)
const url = z.string().trim().min(1).max(2000)

export const outgoingWebhook = z.object({
  id,
  name: z.string(),
  /** `standard`: signed JSON after Standard Webhooks; otherwise a channel's incoming webhook. */
  kind: z.enum(outgoingKinds),
  /** Origin of the address. The rest may be a secret and is never shown again. */
  address: z.string(),
  events: z.array(outgoingEventType),
  /** Of vulnerabilities below it nothing is told. */
  min_severity: severity,
  state: z.enum(['active', 'disabled']),
  /** Why Weir disabled it; null where a person did. */
  state_reason: z.string().nullable(),
  /** Since when nothing arrived. */
  failing_since: timestamp.nullable(),
  next_attempt_at: timestamp.nullable(),
  delivered_at: timestamp.nullable(),
  /** Until then events are signed with the former secret too. */
  previous_secret_until: timestamp.nullable(),
  /** Events that wait. */
  queued: z.number().int(),
  created_at: timestamp,
})

export type OutgoingWebhook = z.infer<typeof outgoingWebhook>

const withSecret = z.object({ webhook: outgoingWebhook, secret: z.string().nullable() })

export const outgoingDelivery = z.object({
  id,
  event_id: id,
  event_type: z.string(),
  state: z.enum(['queued', 'delivered', 'failed']),
  attempts: z.number().int(),
  response_status: z.number().int().nullable(),
  error: z.string().nullable(),
  created_at: timestamp,
  attempted_at: timestamp.nullable(),
})

export type OutgoingDelivery = z.infer<typeof outgoingDelivery>

export const listOutgoingWebhooks = defineRoute({
  id: 'listOutgoingWebhooks',
  method: 'GET',
  path: '/api/v1/outgoing-webhooks',
  summary: 'Addresses outside that are told what happens here, newest first',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(outgoingWebhook),
})

export const createOutgoingWebhook = defineRoute({
  id: 'createOutgoingWebhook',
  method: 'POST',
  path: '/api/v1/outgoing-webhooks',
  summary: 'Tell an address outside what happens here; its signing secret is in this answer and nowhere else, ever',
  tag: 'Integrations',
  access: 'connection.write',
  status: 201,
  body: z.strictObject({ name, kind: z.enum(outgoingKinds), url, events, min_severity: severity.optional() }),
  response: withSecret,
})

export const updateOutgoingWebhook = defineRoute({
  id: 'updateOutgoingWebhook',
  method: 'PATCH',
  path: '/api/v1/outgoing-webhooks/:id',
  summary: 'Change, enable or disable an outgoing webhook; enabled again, it goes on with what waits',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  body: z.strictObject({
    name: name.optional(),
    url: url.optional(),
    events: events.optional(),
    min_severity: severity.optional(),
    enabled: z.boolean().optional(),
  }),
  response: outgoingWebhook,
})

export const deleteOutgoingWebhook = defineRoute({
  id: 'deleteOutgoingWebhook',
  method: 'DELETE',
  path: '/api/v1/outgoing-webhooks/:id',
  summary: 'Delete an outgoing webhook with its log',
  tag: 'Integrations',
  access: 'connection.write',
  status: 204,
  params: idParams,
})

export const rotateOutgoingSecret = defineRoute({
  id: 'rotateOutgoingSecret',
  method: 'POST',
  path: '/api/v1/outgoing-webhooks/:id/rotate-secret',
  summary: 'Give an outgoing webhook a new signing secret; for a day events carry signatures of both',
  tag: 'Integrations',
  access: 'connection.write',
  status: 201,
  params: idParams,
  response: withSecret,
})

export const testOutgoingWebhook = defineRoute({
  id: 'testOutgoingWebhook',
  method: 'POST',
  path: '/api/v1/outgoing-webhooks/:id/test',
  summary: 'Send a test event, at once, also where attempts are put off',
  tag: 'Integrations',
  access: 'connection.write',
  status: 202,
  params: idParams,
  response: outgoingDelivery,
})

export const listOutgoingDeliveries = defineRoute({
  id: 'listOutgoingDeliveries',
  method: 'GET',
  path: '/api/v1/outgoing-webhooks/:id/deliveries',
  summary: 'What was sent, and is to be sent, to an outgoing webhook, newest first',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  query: z.strictObject({ ...pageQuery, state: outgoingDelivery.shape.state.optional() }),
  response: page(outgoingDelivery),
})

export const getOutgoingDelivery = defineRoute({
  id: 'getOutgoingDelivery',
  method: 'GET',
  path: '/api/v1/outgoing-deliveries/:id',
  summary: 'One event for an outgoing webhook, with its payload and the beginning of the last answer',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: z.object({ ...outgoingDelivery.shape, payload: z.string(), response_text: z.string().nullable() }),
})

export const resendOutgoingDelivery = defineRoute({
  id: 'resendOutgoingDelivery',
  method: 'POST',
  path: '/api/v1/outgoing-deliveries/:id/send-again',
  summary: 'Send an event again, under the same id, before what waits',
  tag: 'Integrations',
  access: 'connection.write',
  status: 202,
  params: idParams,
  response: outgoingDelivery,
})
