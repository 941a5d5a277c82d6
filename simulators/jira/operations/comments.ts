import { at, type Json, type JsonObject } from '../../shared/json.ts'
import { checkDocument, tooLongMessage } from '../adf/check-document.ts'
import { assertMay, mayIn } from '../auth/permission.ts'
import { badRequest, fieldErrors, refusal } from '../jira-error.ts'
import type { Comment, Issue, Person } from '../model.ts'
import type { Sim } from '../state.ts'
import { raiseCommentEvent, raiseIssueEvent } from '../webhooks/raise-event.ts'

/** `body` of a comment. Throws Jira's 400. */
export function readCommentBody(sim: Sim, body: unknown): JsonObject {
  const checked = checkDocument(at(body, 'body'), sim.switches)
  if (checked.kind === 'not_a_document') throw fieldErrors({ comment: 'Comment body is not valid!' })
  if (checked.kind === 'too_long') throw fieldErrors({ comment: tooLongMessage })
  if (at(checked.document, 'content') === undefined || JSON.stringify(at(checked.document, 'content')) === '[]')
    throw fieldErrors({ comment: 'Comment body can not be empty!' })
  return checked.document
}

export function getComment(issue: Issue, id: string): Comment {
  const comment = issue.comments.find((one) => one.id === id)
  if (comment === undefined) throw refusal(404, `Can not find a comment for the id: ${id}.`)
  return comment
}

function tellIssue(sim: Sim, issue: Issue, input: { actor: Person; typeName: string; comment: Comment }): void {
  issue.updated = sim.now()
  issue.touches.push(issue.updated)
  if (sim.switches.commentsRaiseIssueUpdated) raiseIssueEvent(sim, { event: 'jira:issue_updated', issue, ...input })
}

export function addComment(
  sim: Sim,
  actor: Person,
  input: { issue: Issue; body: JsonObject; properties: Map<string, Json> },
): Comment {
  const { issue, body, properties } = input
  assertMay(issue.project, actor, {
    wanted: 'work',
    message: 'You do not have the permission to comment on this issue.',
  })
  const created = sim.now()
  const comment: Comment = {
    id: sim.newId(),
    author: actor,
    updateAuthor: actor,
    body,
    created,
    updated: created,
    properties,
  }
  issue.comments.push(comment)
  raiseCommentEvent(sim, { event: 'comment_created', issue, comment, flow: 'Primary' })
  tellIssue(sim, issue, { actor, typeName: 'issue_commented', comment })
  return comment
}

/** People change their own comments, administrators of the project all. */
export function mayChange(issue: Issue, comment: Comment, actor: Person): boolean {
  return mayIn(issue.project, actor, comment.author === actor ? 'work' : 'admin')
}

export function editComment(
  sim: Sim,
  actor: Person,
  input: { issue: Issue; comment: Comment; body: JsonObject },
): Comment {
  const { issue, comment, body } = input
  if (!mayChange(issue, comment, actor)) throw badRequest('You do not have the permission to edit this comment.')
  comment.body = body
  comment.updateAuthor = actor
  comment.updated = sim.now()
  raiseCommentEvent(sim, { event: 'comment_updated', issue, comment, flow: 'Primary' })
  tellIssue(sim, issue, { actor, typeName: 'issue_comment_edited', comment })
  return comment
}

export function deleteComment(sim: Sim, actor: Person, input: { issue: Issue; comment: Comment }): void {
  const { issue, comment } = input
  if (!mayChange(issue, comment, actor)) throw badRequest('You do not have the permission to delete this comment.')
  issue.comments.splice(issue.comments.indexOf(comment), 1)
  raiseCommentEvent(sim, { event: 'comment_deleted', issue, comment, flow: 'Primary' })
  tellIssue(sim, issue, { actor, typeName: 'issue_comment_deleted', comment })
}
