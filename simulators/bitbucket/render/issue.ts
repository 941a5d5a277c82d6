import type { JsonObject } from '../../shared/json.ts'
import type { Issue, IssueAttachment, IssueChange, TrackerPart, TrackerPartKind } from '../model/issue-tracker.ts'
import type { Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { renderAccount } from './account.ts'
import { renderIssueReference } from './comment.ts'
import { renderContent } from './content.ts'
import { apiRepositoryUrl, href, webRepositoryUrl } from './links.ts'
import type { Place } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

export function apiIssueUrl(sim: Sim, repository: Repository, issue: Issue): string {
  return `${apiRepositoryUrl(sim, repository)}/issues/${issue.id}`
}

/** A component, milestone or version. */
export function renderTrackerPart({ sim, repository }: Place, kind: TrackerPartKind, part: TrackerPart): JsonObject {
  return {
    type: kind,
    id: part.id,
    name: part.name,
    links: { self: href(`${apiRepositoryUrl(sim, repository)}/${kind}s/${part.id}`) },
  }
}

export function renderIssue(place: Place, issue: Issue): JsonObject {
  const { sim, repository } = place
  const self = apiIssueUrl(sim, repository, issue)
  const part = (kind: TrackerPartKind) => {
    const found = issue[kind]
    return found === null ? null : renderTrackerPart(place, kind, found)
  }
  return {
    type: 'issue',
    id: issue.id,
    repository: renderRepositoryReference(sim, repository),
    links: {
      attachments: href(`${self}/attachments`),
      self: href(self),
      watch: href(`${self}/watch`),
      comments: href(`${self}/comments`),
      html: href(`${webRepositoryUrl(sim, repository)}/issues/${issue.id}`),
      vote: href(`${self}/vote`),
    },
    title: issue.title,
    content: renderContent(place, issue.raw),
    reporter: issue.reporter === null ? null : renderAccount(sim, issue.reporter),
    assignee: issue.assignee === null ? null : renderAccount(sim, issue.assignee),
    created_on: issue.createdOn,
    edited_on: issue.editedOn,
    updated_on: issue.updatedOn,
    state: issue.state,
    kind: issue.kind,
    priority: issue.priority,
    milestone: part('milestone'),
    component: part('component'),
    version: part('version'),
    votes: issue.voters.length,
    watches: issue.watchers.length,
  }
}

export function renderIssueChange(place: Place, issue: Issue, change: IssueChange): JsonObject {
  const { sim, repository } = place
  return {
    type: 'issue_change',
    id: change.id,
    changes: change.changes,
    links: {
      self: href(`${apiIssueUrl(sim, repository, issue)}/changes/${change.id}`),
      html: href(`${webRepositoryUrl(sim, repository)}/issues/${issue.id}#comment-${change.id}`),
    },
    issue: renderIssueReference(place, issue),
    created_on: change.createdOn,
    user: renderAccount(sim, change.person),
    message: renderContent(place, change.raw),
  }
}

/** What is said of a file; its bytes are fetched by the link. */
export function renderAttachment({ sim, repository }: Place, issue: Issue, { name }: IssueAttachment): JsonObject {
  const address = `attachments/${encodeURIComponent(name)}`
  return {
    type: 'issue_attachment',
    name,
    links: {
      self: href(`${apiIssueUrl(sim, repository, issue)}/${address}`),
      html: href(`${webRepositoryUrl(sim, repository)}/issues/${issue.id}/${address}`),
    },
  }
}
