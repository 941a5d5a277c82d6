import type { CommitComment, Inline, Repository } from '../model.ts'
import { renderComment } from '../render/comment.ts'
import { renderCommitReference } from '../render/place.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { readCommentText } from './comment-text.ts'
import type { Acting } from './pull-requests.ts'

interface NewCommitComment {
  hash: string
  raw: string | undefined
  parentId?: number | undefined
  inline?: Inline | undefined
}

export function getCommitComment(repository: Repository, hash: string, id: string): CommitComment {
  const found = repository.commitComments.find((one) => one.hash === hash && String(one.id) === id)
  if (found === undefined) throw notFound(id)
  return found
}

export function createCommitComment(sim: Sim, acting: Acting, input: NewCommitComment): CommitComment {
  const { repository, actor } = acting
  const raw = readCommentText(input.raw)
  const parent = repository.commitComments.find((one) => one.id === input.parentId && !one.deleted)
  if (input.parentId !== undefined && parent === undefined) throw notFound(String(input.parentId))
  if (parent !== undefined && parent.hash !== input.hash)
    throw badRequest('Bad request', { parent: ['The parent comment is attached to another commit.'] })
  const date = sim.now()
  const comment: CommitComment = {
    id: sim.newId(),
    hash: input.hash,
    author: actor,
    raw,
    createdOn: date,
    updatedOn: date,
    deleted: false,
    pending: false,
    parentId: input.parentId ?? null,
    inline: parent === undefined ? (input.inline ?? null) : parent.inline,
    resolution: null,
  }
  repository.commitComments.push(comment)
  const place = { sim, repository }
  raiseEvent(sim, {
    event: 'repo:commit_comment_created',
    repository,
    actor,
    payload: {
      comment: renderComment(place, { kind: 'commit', hash: input.hash }, comment),
      commit: renderCommitReference(place, input.hash),
    },
  })
  return comment
}

/** Edits and deletions of commit comments have no webhook. */
export function updateCommitComment(
  sim: Sim,
  acting: Acting,
  input: { comment: CommitComment; raw: string | undefined },
): CommitComment {
  const { comment } = input
  if (comment.deleted) throw notFound(String(comment.id))
  if (comment.author.uuid !== acting.actor.uuid) throw forbidden('You are not allowed to change this comment.')
  comment.raw = readCommentText(input.raw)
  comment.updatedOn = sim.now()
  return comment
}

/** A comment with visible replies stays as a tombstone; one without is gone. Deleting a tombstone again changes nothing. */
export function deleteCommitComment(sim: Sim, acting: Acting, comment: CommitComment): void {
  if (comment.author.uuid !== acting.actor.uuid) throw forbidden('You are not allowed to delete this comment.')
  const { repository } = acting
  comment.deleted = true
  comment.raw = ''
  comment.updatedOn = sim.now()
  const hasReplies = repository.commitComments.some((one) => one.parentId === comment.id && !one.deleted)
  if (!hasReplies) repository.commitComments = repository.commitComments.filter((one) => one !== comment)
}
