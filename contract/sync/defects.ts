import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const defect = z.object({
  id,
  tracker: z.string(),
  tracker_title: z.string(),
  container: z.string(),
  remote_id: z.string().nullable(),
  url: z.string().nullable(),
  link: z.enum(['pending', 'ok', 'missing', 'moved', 'forbidden', 'ended']),
  link_reason: z.string().nullable(),
  /** `null` while nothing waits; otherwise what the oldest open operation is waiting for. */
  pending: z
    .object({
      kind: z.string(),
      state: z.string(),
      error: z.string().nullable(),
      next_attempt_at: timestamp.nullable(),
    })
    .nullable(),
  /** Fields the tracker did not take, in its words; not tried again until they change here, or the route does. */
  not_taken: z.array(z.object({ field: z.enum(['title', 'priority', 'due_date', 'labels']), reason: z.string() })),
  /** It may be parted from its vulnerability: `POST …/unlink`. */
  can_unlink: z.boolean(),
  created_at: timestamp,
})

export type Defect = z.infer<typeof defect>

export const listDefects = defineRoute({
  id: 'listDefects',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/defects',
  summary: 'Items of a vulnerability in trackers',
  tag: 'Defects',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({ items: z.array(defect) }),
})

export const sendVulnerability = defineRoute({
  id: 'sendVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/send',
  summary: 'Send a vulnerability to its tracker; a second call answers with the same defect',
  tag: 'Defects',
  access: 'defect.send',
  status: 202,
  params: idParams,
  body: z.strictObject({ tracker: z.string().max(50).optional() }),
  response: defect,
})

export const linkVulnerability = defineRoute({
  id: 'linkVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/link',
  summary:
    'Link a vulnerability to an issue of Jira or Bitbucket that people made; its comments and its state are then taken in',
  tag: 'Defects',
  access: 'defect.send',
  status: 202,
  params: idParams,
  /** Key (Jira), number (`#12`, in the repository of the asset) or address of the issue. */
  body: z.strictObject({ item: z.string().trim().min(1).max(2000) }),
  response: defect,
})

export const unlinkDefect = defineRoute({
  id: 'unlinkDefect',
  method: 'POST',
  path: '/api/v1/defects/:id/unlink',
  summary: 'Part a vulnerability from its item, which stays in the tracker; thread and history stay here',
  tag: 'Defects',
  access: 'defect.send',
  status: 204,
  params: idParams,
})
