import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const incident = z.object({
  id,
  /** `path`: `workspace/slug`, as a telling names it. */
  repository: z.object({ id, name: z.string(), path: z.string() }),
  /** A call of a machine, a person here, or an issue in Jira. */
  source: z.enum(['push', 'person', 'jira']),
  key: z.string(),
  title: z.string(),
  severity: z.string().nullable(),
  web_url: z.string().nullable(),
  began_at: timestamp,
  /** Null while it lasts. */
  resolved_at: timestamp.nullable(),
  /** The deployment it was told to be caused by; null: the last success before it began is charged. */
  deployment_id: id.nullable(),
})
export type Incident = z.infer<typeof incident>

export const listIncidents = defineRoute({
  id: 'listIncidents',
  method: 'GET',
  path: '/api/v1/incidents',
  summary: 'Incidents in production, latest first',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    repository: repeated(id),
    /** Teams with all below them: incidents of their repositories. */
    team: repeated(id),
    resolved: z.stringbool().optional(),
    from: timestamp.optional(),
    to: timestamp.optional(),
  }),
  response: page(incident),
})

export const removeIncident = defineRoute({
  id: 'removeIncident',
  method: 'DELETE',
  path: '/api/v1/incidents/:id',
  summary: 'Take away an incident that was none; one of Jira’s is changed there',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
})
