import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const webhook = z.object({
  id,
  subject: z.enum(['workspace', 'repository']),
  repository_id: id.nullable(),
  repository_name: z.string().nullable(),
  url: z.string(),
  events: z.array(z.string()),
  health: z.enum(['pending', 'ok', 'inactive', 'missing', 'forbidden', 'changed', 'removed']),
  health_reason: z.string().nullable(),
  last_delivery_at: timestamp.nullable(),
  checked_at: timestamp.nullable(),
  /** Changes that comparisons had to find since its last delivery: it told of none of them. */
  missed_changes: z.number().int(),
  /** The latest test. `lost`: it did not arrive; `impossible`: nothing could be changed that would send one. */
  test: z
    .object({
      at: timestamp,
      outcome: z.enum(['running', 'arrived', 'lost', 'impossible']),
      /** Milliseconds from the change at the remote until its delivery was stored. */
      ms: z.number().int().nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
})

export type Webhook = z.infer<typeof webhook>

export const listWebhooks = defineRoute({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'Webhooks Weir made, with their health',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  query: z.strictObject({ ...pageQuery, connection_id: id.optional(), health: repeated(webhook.shape.health) }),
  response: page(webhook),
})

export const repairWebhook = defineRoute({
  id: 'repairWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id/repair',
  summary: 'Check a webhook at its remote and put it right: make it again, switch it on, mend its events',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: webhook,
})

export const testWebhook = defineRoute({
  id: 'testWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id/test',
  summary: 'Prove that a webhook of Bitbucket arrives: set a build status and wait up to 15 seconds for its delivery',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: webhook,
})

export const revealWebhook = defineRoute({
  id: 'revealWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id/by-hand',
  summary: 'Show what makes a webhook of Jira by hand, its secret included; only where Weir may not make it itself',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: z.object({ name: z.string(), url: z.string(), secret: z.string(), events: z.array(z.string()) }),
})

export const rotateWebhookSecret = defineRoute({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/v1/webhooks/:id/rotate-secret',
  summary: 'Give a webhook a new secret; the old one is accepted for one more hour',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: webhook,
})

export const removeWebhook = defineRoute({
  id: 'removeWebhook',
  method: 'DELETE',
  path: '/api/v1/webhooks/:id',
  summary: 'Remove a webhook at its remote and here',
  tag: 'Integrations',
  access: 'connection.write',
  status: 204,
  params: idParams,
})
