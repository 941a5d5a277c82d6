import type { Issue } from '../model/issue-tracker.ts'
import type { Comment, Person } from '../model.ts'
import { forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertNoSpam } from './assert-no-spam.ts'
import { readCommentText } from './comment-text.ts'
import type { OnIssue } from './issues.ts'
import { raiseIssueEvent } from './raise-issue-event.ts'

/** A comment on an issue as it is born: those have no threads and no place in the code. */
export function newComment(given: { id: number; author: Person; raw: string | null; date: string }): Comment {
  return {
    id: given.id,
    author: given.author,
    raw: given.raw,
    createdOn: given.date,
    updatedOn: given.date,
    deleted: false,
    pending: false,
    parentId: null,
    inline: null,
    resolution: null,
  }
}

export function getIssueComment(issue: Issue, id: string): Comment {
  const found = issue.comments.find((one) => String(one.id) === id && !one.deleted)
  if (found === undefined) throw notFound(id)
  return found
}

export function createIssueComment(sim: Sim, on: OnIssue, raw: string | undefined): Comment {
  const text = readCommentText(raw)
  assertNoSpam(sim, text)
  const comment = newComment({ id: sim.newId(), author: on.actor, raw: text, date: sim.now() })
  on.issue.comments.push(comment)
  on.issue.updatedOn = comment.createdOn
  raiseIssueEvent(sim, on, { key: 'comment_created', comment })
  return comment
}

export function updateIssueComment(
  sim: Sim,
  on: OnIssue,
  input: { comment: Comment; raw: string | undefined },
): Comment {
  const { comment } = input
  if (comment.author.uuid !== on.actor.uuid) throw forbidden('You are not allowed to change this comment.')
  const text = readCommentText(input.raw)
  assertNoSpam(sim, text)
  comment.raw = text
  comment.updatedOn = sim.now()
  on.issue.updatedOn = comment.updatedOn
  return comment
}

export function deleteIssueComment(sim: Sim, on: OnIssue, comment: Comment): void {
  if (comment.author.uuid !== on.actor.uuid) throw forbidden('You are not allowed to delete this comment.')
  comment.deleted = true
  on.issue.updatedOn = sim.now()
}
