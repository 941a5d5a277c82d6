import type { JsonObject } from '../../shared/json.ts'
import type { Activity, PullRequest } from '../model.ts'
import { renderAccount } from './account.ts'
import { renderComment } from './comment.ts'
import { type Place, renderPullRequestReference } from './place.ts'
import { renderEndpoint, renderSource } from './pull-request.ts'

export function renderActivity(place: Place, pullRequest: PullRequest, activity: Activity): JsonObject {
  const { sim } = place
  const pull_request = renderPullRequestReference(place, pullRequest)
  switch (activity.kind) {
    case 'comment': {
      const comment = pullRequest.comments.find((one) => one.id === activity.commentId)
      return {
        pull_request,
        comment: comment === undefined ? null : renderComment(place, { kind: 'pullrequest', pullRequest }, comment),
      }
    }
    case 'approval':
    case 'changes_requested':
      return {
        pull_request,
        [activity.kind]: { date: activity.date, user: renderAccount(sim, activity.person), pullrequest: pull_request },
      }
    case 'update':
      return {
        pull_request,
        update: {
          state: activity.state,
          draft: activity.draft ?? pullRequest.draft,
          title: activity.title,
          description: activity.description,
          reviewers: [],
          changes: activity.changes,
          reason: activity.reason,
          author: renderAccount(sim, activity.person),
          date: activity.date,
          destination: renderEndpoint(
            place,
            activity.destinationBranch ?? pullRequest.destinationBranch,
            activity.destinationHash,
          ),
          source: renderSource(place, pullRequest, activity.sourceHash),
        },
      }
    default:
      return activity satisfies never
  }
}
