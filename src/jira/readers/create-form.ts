import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { segment } from '../../lib/rest-client.ts'
import type { JiraClient } from '../client.ts'
import { type CreateField, remoteCreateField } from '../create-field.ts'

/** One page is enough for a person to choose from; what is not among them is found by its name. */
const projectsAtMost = 50
const peopleAtMost = 20
/** Jira's most for a page of issue types and of fields: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-get */
const pageSize = 200

export type Named = { id: string; name: string }
export type NamedProject = Named & { key: string }

const projects = z.object({ values: z.array(z.object({ id: z.string(), key: z.string(), name: z.string() })) })

/** Projects the account may make issues in, by key; those with `q` in key or name where it is given. */
export async function findProjects(
  client: JiraClient,
  { q, lane }: { q: string | undefined; lane: RequestLane },
): Promise<NamedProject[]> {
  const query = { maxResults: projectsAtMost, orderBy: 'key', action: 'create', ...(q !== undefined && { query: q }) }
  const call = { what: 'list the projects', lane, schema: projects, query }
  return (await client.get('/rest/api/3/project/search', call)).values
}

type InProject = { project: string; lane: RequestLane }

const issueTypes = z.object({
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().optional() })),
})

/** Issue types that stand for themselves: a sub-task needs an issue above it. Throws `remote_not_found` for a hidden project. */
export async function listIssueTypes(client: JiraClient, { project, lane }: InProject): Promise<Named[]> {
  const call = { what: 'list the issue types', lane, schema: issueTypes, query: { maxResults: pageSize } }
  const found = await client.get(`/rest/api/3/issue/createmeta/${segment(project)}/issuetypes`, call)
  return found.issueTypes.filter(({ subtask }) => subtask !== true).map(({ id, name }) => ({ id, name }))
}

const fields = z.object({ total: z.number(), fields: z.array(remoteCreateField) })

/** Fields of the screen on which an issue of this type is made. Throws `remote_not_found` where there is no such type. */
export async function listCreateFields(
  client: JiraClient,
  { project, issueType, lane }: InProject & { issueType: string },
): Promise<CreateField[]> {
  const path = `/rest/api/3/issue/createmeta/${segment(project)}/issuetypes/${segment(issueType)}`
  const found: CreateField[] = []
  for (let startAt = 0, total = 1; startAt < total; startAt += pageSize) {
    const query = { startAt, maxResults: pageSize }
    const page = await client.get(path, { what: 'read the fields of an issue type', lane, schema: fields, query })
    total = page.total
    found.push(...page.fields)
  }
  return found
}

const people = z.array(z.object({ accountId: z.string(), displayName: z.string().optional() }))

/** People who can be given an issue of the project, by name. */
export async function findAssignable(
  client: JiraClient,
  { project, q, lane }: InProject & { q: string },
): Promise<Named[]> {
  const query = { project, query: q, maxResults: peopleAtMost }
  const call = { what: 'search people', lane, schema: people, query }
  const found = await client.get('/rest/api/3/user/assignable/search', call)
  return found.map(({ accountId, displayName }) => ({ id: accountId, name: displayName ?? accountId }))
}
