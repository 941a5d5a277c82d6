import * as z from 'zod'
import { id } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const getOverview = defineRoute({
  id: 'getOverview',
  method: 'GET',
  path: '/api/v1/overview',
  summary: 'Figures of the first page, and what to do next',
  tag: 'Overview',
  access: 'read',
  status: 200,
  response: z.object({
    open: z.object({
      critical: z.number().int(),
      high: z.number().int(),
      medium: z.number().int(),
      low: z.number().int(),
      notification: z.number().int(),
    }),
    /** Of what is open, where it stands against its deadline; null where no service levels are set. */
    deadlines: z
      .object({ on_track: z.number().int(), approaching: z.number().int(), breached: z.number().int() })
      .nullable(),
    awaiting_validation: z.number().int(),
    unread: z.number().int(),
    assets: z.number().int(),
    /** Applied ones; what failed, was discarded or taken back is not among them. */
    imports: z.number().int(),
    /** Previewed or held back: somebody has to decide. */
    imports_waiting: z.number().int(),
    connections_with_problems: z.array(z.object({ id, name: z.string(), reason: z.string() })),
    checklist: z.array(
      z.object({
        step: z.enum(['connect', 'choose_repositories', 'import_report', 'send', 'invite']),
        done: z.boolean(),
      }),
    ),
  }),
})
