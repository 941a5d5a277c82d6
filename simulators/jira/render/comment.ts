import type { JsonObject } from '../../shared/json.ts'
import { documentToText } from '../adf/document-to-text.ts'
import type { Comment, Issue } from '../model.ts'
import { toTimestamp } from '../state.ts'
import { renderPerson } from './person.ts'
import { type Place, self } from './place.ts'

export function renderComment(place: Place, issue: Issue, comment: Comment): JsonObject {
  return {
    self: self(place, `issue/${issue.id}/comment/${comment.id}`),
    id: comment.id,
    author: renderPerson(place, comment.author),
    body: comment.body,
    updateAuthor: renderPerson(place, comment.updateAuthor),
    created: toTimestamp(comment.created),
    updated: toTimestamp(comment.updated),
    jsdPublic: true,
  }
}

/** Webhooks carry the body as text. */
export function renderCommentForHook(place: Place, issue: Issue, comment: Comment): JsonObject {
  return { ...renderComment(place, issue, comment), body: documentToText(comment.body) }
}
