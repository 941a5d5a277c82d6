import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** One comparison of both sides of a connection. */
export const reconciliation = z.object({
  id,
  /** Who asked for it; null for the schedule. */
  by: z.string().nullable(),
  /** Everything was looked at, not only what changed since the last time. */
  is_full: z.boolean(),
  /** Items that were compared, and requests it took. */
  items: z.number().int(),
  requests: z.number().int(),
  healed: z.number().int(),
  conflicts: z.number().int(),
  needs_you: z.number().int(),
  /** Why it broke off. */
  error: z.string().nullable(),
  started_at: timestamp,
  finished_at: timestamp,
  /** At most a hundred; the counts are of all. */
  differences: z.array(
    z.object({
      kind: z.enum(['healed', 'conflict', 'needs_you']),
      sentence: z.string(),
      vulnerability: z.object({ id, number: z.number().int(), title: z.string() }).nullable(),
    }),
  ),
})

export type Reconciliation = z.infer<typeof reconciliation>

export const listReconciliations = defineRoute({
  id: 'listReconciliations',
  method: 'GET',
  path: '/api/v1/connections/:id/reconciliations',
  summary: 'The latest comparison of both sides, and those before it that found something, failed or were asked for',
  tag: 'Deliveries',
  access: 'delivery.read',
  status: 200,
  params: idParams,
  response: z.object({ items: z.array(reconciliation) }),
})

export const reconcileConnection = defineRoute({
  id: 'reconcileConnection',
  method: 'POST',
  path: '/api/v1/connections/:id/reconcile',
  summary: 'Compare everything of both sides now, in the background',
  tag: 'Deliveries',
  access: 'delivery.retry',
  status: 202,
  params: idParams,
  response: z.object({ queued: z.literal(true) }),
})

export const moveWithdrawnIssues = defineRoute({
  id: 'moveWithdrawnIssues',
  method: 'POST',
  path: '/api/v1/connections/:id/move-issues',
  summary: 'Move routes and items (500 at once) from an issue tracker the host has withdrawn to Bitbucket discussions',
  tag: 'Deliveries',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: z.object({ routes: z.number().int(), items: z.number().int(), left: z.number().int() }),
})
