import * as contract from '../../../../contract/sync/jira-form.ts'
import { openJiraConnection } from '../../../usecases/remotes/open-connection.ts'
import {
  listJiraFields,
  listJiraIssueTypes,
  listJiraPeople,
  listJiraProjects,
} from '../../../usecases/sync/jira-form.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function jiraFormRoutes(context: HttpContext): BoundRoute[] {
  const deps = { connectJira: (key: Parameters<typeof openJiraConnection>[1]) => openJiraConnection(context, key) }
  return [
    bind(contract.listJiraProjects, async ({ params, query, principal: { organizationId } }) =>
      listJiraProjects(deps, { organizationId, connectionId: params.id, q: query.q }),
    ),
    bind(contract.listJiraIssueTypes, async ({ params: { id, project }, principal: { organizationId } }) =>
      listJiraIssueTypes(deps, { organizationId, connectionId: id, project }),
    ),
    bind(contract.listJiraFields, async ({ params: { id, project, issue_type }, principal: { organizationId } }) =>
      listJiraFields(deps, { organizationId, connectionId: id, project, issueType: issue_type }),
    ),
    bind(contract.listJiraPeople, async ({ params: { id, project }, query, principal: { organizationId } }) =>
      listJiraPeople(deps, { organizationId, connectionId: id, project, q: query.q }),
    ),
  ]
}
