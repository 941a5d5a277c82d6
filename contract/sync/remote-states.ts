import * as z from 'zod'
import { id } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** `is_closed`: an item in this state asks for no more work. */
export const remoteState = z.object({ name: z.string(), is_closed: z.boolean() })
export type RemoteState = z.infer<typeof remoteState>

const remoteName = z.string().min(1).max(255)

export const listJiraStatuses = defineRoute({
  id: 'listJiraStatuses',
  method: 'GET',
  path: '/api/v1/connections/:id/projects/:project/issue-types/:issue_type/statuses',
  summary: 'Statuses an issue of this type can have in a Jira project',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: z.strictObject({ id, project: remoteName, issue_type: remoteName }),
  response: z.object({ items: z.array(remoteState) }),
})
