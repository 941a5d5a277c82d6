import * as z from 'zod'
import { createFieldKinds } from '../../src/domain/create-field-kinds.ts'
import { id, idParams } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const remoteName = z.string().min(1).max(255)
const projectParams = z.strictObject({ id, project: remoteName })
const search = z.strictObject({ q: z.string().trim().max(200).optional() })
const named = z.object({ id: z.string(), name: z.string() })
const choice = z.object({ id: z.string(), label: z.string() })

/** A field of the screen on which issues are made, as a route is given its fixed value. */
export const jiraField = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(createFieldKinds),
  /** Nothing is made without it, and Jira has no default. */
  is_required: z.boolean(),
  /** `children`: what can be chosen below it, of a cascading field. */
  choices: z.array(choice.extend({ children: z.array(choice) })),
})

export type JiraField = z.infer<typeof jiraField>

export const listJiraProjects = defineRoute({
  id: 'listJiraProjects',
  method: 'GET',
  path: '/api/v1/connections/:id/projects',
  summary: 'Projects of a Jira site in which the account may make issues, by key; at most 50',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: idParams,
  query: search,
  response: z.object({ items: z.array(named.extend({ key: z.string() })) }),
})

export const listJiraIssueTypes = defineRoute({
  id: 'listJiraIssueTypes',
  method: 'GET',
  path: '/api/v1/connections/:id/projects/:project/issue-types',
  summary: 'Issue types of a Jira project',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: projectParams,
  response: z.object({ items: z.array(named) }),
})

export const listJiraFields = defineRoute({
  id: 'listJiraFields',
  method: 'GET',
  path: '/api/v1/connections/:id/projects/:project/issue-types/:issue_type/fields',
  summary: 'Fields a person fills in for a route to this issue type, required ones first',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: projectParams.extend({ issue_type: remoteName }),
  response: z.object({ items: z.array(jiraField) }),
})

export const listJiraPeople = defineRoute({
  id: 'listJiraPeople',
  method: 'GET',
  path: '/api/v1/connections/:id/projects/:project/people',
  summary: 'People who can be given an issue of a Jira project, by name; at most 20',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: projectParams,
  query: search,
  response: z.object({ items: z.array(named) }),
})
