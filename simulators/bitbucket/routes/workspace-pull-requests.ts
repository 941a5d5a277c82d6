import { pullRequestPage } from '../answers/paging.ts'
import { atLeast, permissionOf } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Call, type Endpoint, listItems, workspaceOf } from '../call.ts'
import { pullRequestReaders } from '../query/pull-request-readers.ts'
import { queryable } from '../query/select-items.ts'
import { getPerson } from './find-person.ts'
import { hiddenInLists, renderForCall, wantsState } from './pull-requests.ts'

/** What somebody has proposed anywhere in the workspace, as far as the caller may see it; newest first. */
export const workspacePullRequestEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: '/workspaces/:workspace/pullrequests/:user',
    need: needs.readPullRequest,
    handle: (call: Call) => {
      const { workspace } = workspaceOf(call)
      const author = getPerson(call, call.params['user'] ?? '')
      const wanted = wantsState(call)
      const found = call.sim.repositories
        .filter((one) => one.workspace === workspace && atLeast(permissionOf(one, call.principal), 'read'))
        .flatMap((repository) =>
          repository.pullRequests
            .filter((one) => one.author === author && wanted(one))
            .map((pullRequest) => ({ repository, pullRequest })),
        )
        .toSorted((one, other) => (one.pullRequest.createdOn < other.pullRequest.createdOn ? 1 : -1))
      return listItems(call, found, {
        queryable: queryable.pullRequest,
        size: pullRequestPage,
        hidden: hiddenInLists,
        render: ({ repository, pullRequest }) => renderForCall(call, repository, pullRequest),
        quick: pullRequestReaders((one) => one),
      })
    },
  },
]
