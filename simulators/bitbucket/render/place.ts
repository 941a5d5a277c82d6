import type { JsonObject } from '../../shared/json.ts'
import type { PullRequest, Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { apiRepositoryUrl, href, webRepositoryUrl } from './links.ts'

export interface Place {
  sim: Sim
  repository: Repository
}

/** Commits of a pull request carry twelve characters of their hash. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12)
}

export function renderPullRequestReference(place: Place, pullRequest: PullRequest): JsonObject {
  return {
    type: 'pullrequest',
    id: pullRequest.id,
    title: pullRequest.title,
    draft: pullRequest.draft,
    links: {
      self: href(`${apiRepositoryUrl(place.sim, place.repository)}/pullrequests/${pullRequest.id}`),
      html: href(`${webRepositoryUrl(place.sim, place.repository)}/pull-requests/${pullRequest.id}`),
    },
  }
}

export function renderCommitReference(place: Place, hash: string): JsonObject {
  return {
    hash,
    links: {
      self: href(`${apiRepositoryUrl(place.sim, place.repository)}/commit/${hash}`),
      html: href(`${webRepositoryUrl(place.sim, place.repository)}/commits/${hash}`),
    },
    type: 'commit',
  }
}
