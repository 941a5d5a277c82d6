import type { Json, JsonObject } from '../../shared/json.ts'
import type { Participant, PullRequest, Task } from '../model.ts'
import { sourceOf } from '../operations/pull-request-source.ts'
import type { Sim } from '../state.ts'
import { renderAccount } from './account.ts'
import { renderContent } from './content.ts'
import { apiRepositoryUrl, fullName, href, webRepositoryUrl } from './links.ts'
import { type Place, shortHash } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

export function renderEndpoint(place: Place, branch: string, hash: string): JsonObject {
  const short = shortHash(hash)
  return {
    branch: { name: branch },
    commit: {
      hash: short,
      links: {
        self: href(`${apiRepositoryUrl(place.sim, place.repository)}/commit/${short}`),
        html: href(`${webRepositoryUrl(place.sim, place.repository)}/commits/${short}`),
      },
      type: 'commit',
    },
    repository: renderRepositoryReference(place.sim, place.repository),
  }
}

/** Where a pull request comes from, now or then. Of a deleted fork the name of the branch is left. */
export function renderSource(place: Place, pullRequest: PullRequest, hash = pullRequest.sourceHash): JsonObject {
  const { sim, repository } = place
  const source = sourceOf(sim, { repository, pullRequest })
  if (source === undefined) return { branch: { name: pullRequest.sourceBranch }, commit: null, repository: null }
  return renderEndpoint({ sim, repository: source }, pullRequest.sourceBranch, hash)
}

/** `{ws}/{repo}:{source}%0D{destination}`: what the diff links and redirects name, with the repository of the source. */
export function diffSpec({ sim, repository }: Place, pullRequest: PullRequest): string {
  const source = sourceOf(sim, { repository, pullRequest }) ?? repository
  const range = `${shortHash(pullRequest.sourceHash)}%0D${shortHash(pullRequest.destinationHash)}`
  return `${fullName(source)}:${range}?from_pullrequest_id=${pullRequest.id}&topic=true`
}

function pullRequestLinks(place: Place, pullRequest: PullRequest): JsonObject {
  const repository = apiRepositoryUrl(place.sim, place.repository)
  const self = `${repository}/pullrequests/${pullRequest.id}`
  return {
    self: href(self),
    html: href(`${webRepositoryUrl(place.sim, place.repository)}/pull-requests/${pullRequest.id}`),
    commits: href(`${self}/commits`),
    approve: href(`${self}/approve`),
    'request-changes': href(`${self}/request-changes`),
    diff: href(`${repository}/diff/${diffSpec(place, pullRequest)}`),
    diffstat: href(`${repository}/diffstat/${diffSpec(place, pullRequest)}`),
    comments: href(`${self}/comments`),
    activity: href(`${self}/activity`),
    merge: href(`${self}/merge`),
    decline: href(`${self}/decline`),
    statuses: href(`${self}/statuses`),
    mergeability_checks: href(`${self}/mergeability/checks`),
  }
}

export function renderParticipant(sim: Sim, participant: Participant): JsonObject {
  return {
    type: 'participant',
    user: renderAccount(sim, participant.person),
    role: participant.role,
    approved: participant.approved,
    state: participant.state,
    participated_on: participant.participatedOn,
  }
}

export function renderPullRequest(place: Place, pullRequest: PullRequest): JsonObject {
  const { sim } = place
  const merge: Json =
    pullRequest.mergeCommit === null
      ? null
      : {
          type: 'commit',
          hash: shortHash(pullRequest.mergeCommit),
          links: {
            self: href(`${apiRepositoryUrl(sim, place.repository)}/commit/${shortHash(pullRequest.mergeCommit)}`),
            html: href(`${webRepositoryUrl(sim, place.repository)}/commits/${shortHash(pullRequest.mergeCommit)}`),
          },
        }
  return {
    comment_count: pullRequest.comments.filter((comment) => !comment.deleted).length,
    task_count: pullRequest.tasks.filter((task) => task.state === 'UNRESOLVED').length,
    type: 'pullrequest',
    id: pullRequest.id,
    title: pullRequest.title,
    description: pullRequest.description,
    rendered: {
      title: renderContent(place, pullRequest.title),
      description: renderContent(place, pullRequest.description),
    },
    state: pullRequest.state,
    draft: pullRequest.draft,
    merge_commit: merge,
    close_source_branch: pullRequest.closeSourceBranch,
    closed_by: pullRequest.closedBy === null ? null : renderAccount(sim, pullRequest.closedBy),
    author: renderAccount(sim, pullRequest.author),
    reason: pullRequest.reason,
    created_on: pullRequest.createdOn,
    updated_on: pullRequest.updatedOn,
    destination: renderEndpoint(place, pullRequest.destinationBranch, pullRequest.destinationHash),
    source: {
      ...renderSource(place, pullRequest),
      // The source's branch has links, though none in it; the destination's has not.
      branch: { name: pullRequest.sourceBranch, links: {} },
    },
    reviewers: pullRequest.reviewers.map((person) => renderAccount(sim, person)),
    participants: pullRequest.participants.map((participant) => renderParticipant(sim, participant)),
    links: pullRequestLinks(place, pullRequest),
    summary: renderContent(place, pullRequest.description),
    queued: false,
  }
}

/** In a payload the source's branch says how it can be brought up to date, too. */
export function renderPayloadPullRequest(place: Place, pullRequest: PullRequest): JsonObject {
  return {
    ...renderPullRequest(place, pullRequest),
    source: {
      ...renderSource(place, pullRequest),
      branch: { name: pullRequest.sourceBranch, links: {}, sync_strategies: ['merge_commit', 'rebase'] },
    },
  }
}

export function renderTask(place: Place, pullRequest: PullRequest, task: Task): JsonObject {
  const { sim } = place
  const self = `${apiRepositoryUrl(sim, place.repository)}/pullrequests/${pullRequest.id}/tasks/${task.id}`
  const comment = pullRequest.comments.find((one) => one.id === task.commentId)
  return {
    id: task.id,
    state: task.state,
    content: renderContent(place, task.raw),
    creator: renderAccount(sim, task.creator),
    created_on: task.createdOn,
    updated_on: task.updatedOn,
    resolved_on: task.resolvedOn,
    resolved_by: task.resolvedBy === null ? null : renderAccount(sim, task.resolvedBy),
    pending: task.pending,
    links: {
      self: href(self),
      html: href(`${webRepositoryUrl(sim, place.repository)}/pull-requests/${pullRequest.id}#task-${task.id}`),
    },
    ...(comment === undefined ? {} : { comment: { type: 'pullrequest_comment', id: comment.id } }),
  }
}
