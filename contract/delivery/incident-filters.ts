import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Of a connection with Jira; `jql` null: none of its issues is an incident. */
const incidentFilter = z.object({
  connection: z.object({ id, name: z.string() }),
  jql: z.string().nullable(),
  /** Id of the field whose text names a repository; without it labels `repo:slug` and components do. */
  repository_field: z.string().nullable(),
  /** `workspace/slug`, for issues that name none; null: they are counted as unplaced. */
  default_repository: z.string().nullable(),
  /** When it was last read to its end. */
  read_at: timestamp.nullable(),
  error: z.string().nullable(),
  incidents: z.number().int(),
  /** Issues that name no repository of ours, by the last full read; of their keys twenty at most. */
  unplaced: z.number().int(),
  unplaced_keys: z.array(z.string()),
})
export type IncidentFilter = z.infer<typeof incidentFilter>

export const listIncidentFilters = defineRoute({
  id: 'listIncidentFilters',
  method: 'GET',
  path: '/api/v1/settings/incident-filters',
  summary: 'Which issues of each connection with Jira are incidents, and what was read',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(incidentFilter) }),
})

export const updateIncidentFilter = defineRoute({
  id: 'updateIncidentFilter',
  method: 'PUT',
  path: '/api/v1/settings/incident-filters/:id',
  summary: 'Set which issues of a connection are incidents; they are read from the beginning',
  tag: 'Analytics',
  access: 'organization.write',
  status: 204,
  params: idParams,
  body: z.strictObject({
    /** Without an order: `project = OPS and issuetype = Incident`. */
    jql: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .refine((text) => !/\border\s+by\b/i.test(text), 'leave the order out'),
    repository_field: z
      .string()
      .regex(/^(customfield_\d{1,12}|[a-z]{1,40})$/i, 'an id such as customfield_10042')
      .nullable(),
    default_repository: z.string().trim().min(1).max(250).nullable(),
  }),
})

export const removeIncidentFilter = defineRoute({
  id: 'removeIncidentFilter',
  method: 'DELETE',
  path: '/api/v1/settings/incident-filters/:id',
  summary: 'Read no incidents from a connection; those that were read go',
  tag: 'Analytics',
  access: 'organization.write',
  status: 204,
  params: idParams,
})
