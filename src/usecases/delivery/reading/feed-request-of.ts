import { requestActivity } from '../../../bitbucket/readers/activity.ts'
import { requestDeployments, requestEnvironments } from '../../../bitbucket/readers/deployments.ts'
import type { FeedRequest } from '../../../bitbucket/readers/feed-request.ts'
import { requestMembers } from '../../../bitbucket/readers/members.ts'
import { requestPipelines } from '../../../bitbucket/readers/pipelines.ts'
import { requestPullRequests } from '../../../bitbucket/readers/pull-requests.ts'
import { repositoryPathOf } from '../../../bitbucket/require-visible-repository.ts'
import type { ReadableFeed } from '../../../store/delivery/feeds.ts'

/** Path of the repository a feed is read of. */
export function feedRepositoryPath({ workspace_uuid: workspaceUuid, remote_uuid: remoteUuid }: ReadableFeed): string {
  return repositoryPathOf({ workspaceUuid, remoteUuid: remoteUuid ?? '' })
}

/** The request a pass begins with. */
export function firstRequestOf(feed: ReadableFeed): FeedRequest {
  const { kind } = feed
  switch (kind) {
    case 'pull_requests':
      return requestPullRequests(feedRepositoryPath(feed))
    case 'activity':
      return requestActivity(feedRepositoryPath(feed))
    case 'pipelines':
      return requestPipelines(feedRepositoryPath(feed))
    case 'deployments':
      return requestDeployments(feedRepositoryPath(feed))
    case 'environments':
      return requestEnvironments(feedRepositoryPath(feed))
    case 'members':
      return requestMembers(feed.workspace_uuid)
    default:
      return kind satisfies never
  }
}
