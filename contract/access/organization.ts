import * as z from 'zod'
import { id, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const auditEvent = z.object({
  id,
  actor_name: z.string(),
  actor_kind: z.enum(['member', 'api_token', 'system', 'cli']),
  action: z.string(),
  target_kind: z.string().nullable(),
  target_id: id.nullable(),
  /** What people call the target, as far as that is known. */
  target_name: z.string().nullable(),
  /** What it was about, in words, where action and target do not say it. */
  summary: z.string().nullable(),
  ip_address: z.string().nullable(),
  created_at: timestamp,
})

export const listAuditEvents = defineRoute({
  id: 'listAuditEvents',
  method: 'GET',
  path: '/api/v1/audit-events',
  summary: 'Who did what, newest first',
  tag: 'Access',
  access: 'audit.read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(auditEvent),
})

export const wipeDemo = defineRoute({
  id: 'wipeDemo',
  method: 'POST',
  path: '/api/v1/organization/wipe-demo',
  summary: 'Remove all demo data; refused outside a demo',
  tag: 'Access',
  access: 'organization.write',
  status: 202,
  body: z.strictObject({ confirm: z.literal('wipe') }),
  response: z.object({ wiped: z.boolean() }),
})
