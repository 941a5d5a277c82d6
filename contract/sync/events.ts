import * as z from 'zod'
import { id } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Server-sent events of `GET /api/v1/events`: what changed, never the content itself. */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), vulnerability_id: id }),
  z.object({ kind: z.literal('vulnerability'), vulnerability_id: id }),
  z.object({ kind: z.literal('notification') }),
  z.object({ kind: z.literal('delivery') }),
  z.object({ kind: z.literal('import'), import_id: id }),
  z.object({ kind: z.literal('bulk_change'), bulk_change_id: id }),
  z.object({ kind: z.literal('import_progress'), import_id: id }),
  z.object({ kind: z.literal('connection'), connection_id: id }),
  z.object({ kind: z.literal('risk') }),
])

export type LiveEvent = z.infer<typeof liveEvent>

export const streamEvents = defineRoute({
  id: 'streamEvents',
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Live events of the organization as text/event-stream',
  tag: 'Live',
  access: 'read',
  status: 200,
})
