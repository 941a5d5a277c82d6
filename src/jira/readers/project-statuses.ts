import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { SeenState } from '../../domain/sending/state-maps.ts'
import { segment } from '../../lib/rest-client.ts'
import type { JiraClient } from '../client.ts'

const byType = z.array(
  z.object({
    id: z.string(),
    statuses: z.array(z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) })),
  }),
)

/**
 * Statuses an issue of this type can have in a project, each name once; none for a type the project has not. Throws
 * `remote_not_found` for a hidden project. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
 */
export async function listStatuses(
  client: JiraClient,
  { project, issueType, lane }: { project: string; issueType: string; lane: RequestLane },
): Promise<SeenState[]> {
  const call = { what: 'list the statuses', lane, schema: byType }
  const types = await client.get(`/rest/api/3/project/${segment(project)}/statuses`, call)
  const states = new Map<string, SeenState>()
  for (const { name, statusCategory } of types.find(({ id }) => id === issueType)?.statuses ?? [])
    states.set(name.toLowerCase(), { name, state: statusCategory.key === 'done' ? 'closed' : 'open' })
  return [...states.values()]
}
