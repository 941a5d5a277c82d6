import * as z from 'zod'
import { id, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const notification = z.object({
  id,
  kind: z.enum([
    'message',
    'awaiting_validation',
    'reopened',
    'sync_failed',
    'deadline_approaching',
    'deadline_breached',
    'acceptance_ending',
    'acceptance_due',
    'acceptance_ended',
  ]),
  subject: z.string(),
  /** Null where one call is about many: then `count` says how many. */
  vulnerability: z
    .object({
      id,
      number: z.number().int(),
      title: z.string(),
      severity: z.string(),
      status: z.string(),
    })
    .nullable(),
  asset_name: z.string().nullable(),
  count: z.number().int().nullable(),
  read_at: timestamp.nullable(),
  created_at: timestamp,
})

export type Notification = z.infer<typeof notification>

export const listNotifications = defineRoute({
  id: 'listNotifications',
  method: 'GET',
  path: '/api/v1/notifications',
  summary: 'Inbox of the asking member, newest first',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  query: z.strictObject({ ...pageQuery, unread: z.stringbool().optional() }),
  response: z.object({ items: z.array(notification), next: z.string().nullable(), unread: z.number().int() }),
})

export const readNotifications = defineRoute({
  id: 'readNotifications',
  method: 'POST',
  path: '/api/v1/notifications/read',
  summary: 'Mark notifications as read (all of them without ids)',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  body: z.strictObject({ ids: z.array(id).max(500).optional() }),
  response: z.object({ unread: z.number().int() }),
})
