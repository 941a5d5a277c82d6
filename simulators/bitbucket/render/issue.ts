import type { JsonObject } from '../../shared/json.ts'
import type { Issue, IssueChange } from '../model.ts'
import { renderAccount } from './account.ts'
import { renderIssueReference } from './comment.ts'
import { renderContent } from './content.ts'
import { apiRepositoryUrl, href, webRepositoryUrl } from './links.ts'
import type { Place } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

export function renderIssue(place: Place, issue: Issue): JsonObject {
  const { sim, repository } = place
  const self = `${apiRepositoryUrl(sim, repository)}/issues/${issue.id}`
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
    content: renderContent(issue.raw),
    reporter: renderAccount(sim, issue.reporter),
    assignee: issue.assignee === null ? null : renderAccount(sim, issue.assignee),
    created_on: issue.createdOn,
    edited_on: issue.editedOn,
    updated_on: issue.updatedOn,
    state: issue.state,
    kind: issue.kind,
    priority: issue.priority,
    milestone: null,
    component: null,
    version: null,
    votes: 0,
    watches: 1,
  }
}

export function renderIssueChange(place: Place, issue: Issue, change: IssueChange): JsonObject {
  const { sim, repository } = place
  return {
    type: 'issue_change',
    id: change.id,
    changes: change.changes,
    links: {
      self: href(`${apiRepositoryUrl(sim, repository)}/issues/${issue.id}/changes/${change.id}`),
      html: href(`${webRepositoryUrl(sim, repository)}/issues/${issue.id}#comment-${change.id}`),
    },
    issue: renderIssueReference(place, issue),
    created_on: change.createdOn,
    user: renderAccount(sim, change.person),
    message: renderContent(change.raw),
  }
}
