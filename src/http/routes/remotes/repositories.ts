import * as contract from '../../../../contract/remotes/repositories.ts'
import { chooseRepositories } from '../../../usecases/remotes/choose-repositories.ts'
import { listFollowedRepositories } from '../../../usecases/remotes/followed-repositories.ts'
import { listRemoteRepositories } from '../../../usecases/remotes/list-remote-repositories.ts'
import { getConnectionProgress } from '../../../usecases/remotes/set-up-progress.ts'
import { chooseWorkspace, listRemoteWorkspaces } from '../../../usecases/remotes/workspaces.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function repositoryRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listRemoteWorkspaces, async ({ params, principal: { organizationId } }) =>
      listRemoteWorkspaces(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.chooseWorkspace, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return chooseWorkspace(context, { organizationId, connectionId: params.id, workspace: body.workspace, actor })
    }),
    bind(contract.listRemoteRepositories, async ({ params, query, principal: { organizationId } }) =>
      listRemoteRepositories(context, { organizationId, connectionId: params.id, ...query }),
    ),
    bind(contract.chooseRepositories, async ({ params, body, principal, request }) => {
      const { organizationId, memberId } = principal
      const actor = toAuditActor(principal, request.ip)
      const { selection } = body
      return chooseRepositories(context, { organizationId, connectionId: params.id, memberId, actor, selection })
    }),
    bind(contract.listFollowedRepositories, async ({ params, principal: { organizationId } }) =>
      listFollowedRepositories(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.getConnectionProgress, async ({ params, principal: { organizationId } }) =>
      getConnectionProgress(context, { organizationId, connectionId: params.id }),
    ),
  ]
}
