import * as z from 'zod'
import { routeSending } from '../../domain/sending/sending-rules.ts'
import { routeStates } from '../../domain/sending/state-maps.ts'
import { severities } from '../../domain/severity.ts'

const issuePriority = z.enum(['trivial', 'minor', 'major', 'critical', 'blocker'])

/** Settings of a route that leads here. */
export const settings = z.object({
  ...routeSending.shape,
  ...routeStates.shape,
  /** Priority an issue gets, by severity. */
  priorities: z
    .record(z.enum(severities), issuePriority)
    .default({ critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', notification: 'trivial' }),
})

/** What is stored in `defect.remote`. */
export const remote = z.object({ issue: z.number().int() })

export const remoteIssue = z.object({
  id: z.number().int(),
  title: z.string(),
  content: z.object({ raw: z.string().nullable() }).nullish(),
  state: z.string(),
  updated_on: z.string(),
  links: z.object({ html: z.object({ href: z.string() }) }),
})
export type RemoteIssue = z.output<typeof remoteIssue>

export const issueListFields = [
  'next',
  'values.id',
  'values.title',
  'values.content.raw',
  'values.state',
  'values.updated_on',
  'values.links.html',
].join(',')
