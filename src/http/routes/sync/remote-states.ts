import * as contract from '../../../../contract/sync/remote-states.ts'
import { openJiraConnection } from '../../../usecases/remotes/open-connection.ts'
import { listJiraStatuses } from '../../../usecases/sync/list-jira-statuses.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function remoteStateRoutes(context: HttpContext): BoundRoute[] {
  const deps = { connectJira: (key: Parameters<typeof openJiraConnection>[1]) => openJiraConnection(context, key) }
  return [
    bind(contract.listJiraStatuses, async ({ params: { id, project, issue_type }, principal: { organizationId } }) =>
      listJiraStatuses(deps, { organizationId, connectionId: id, project, issueType: issue_type }),
    ),
  ]
}
