import { grantedTo } from '../auth/permission.ts'
import type { Comment, Inline, PullRequest } from '../model.ts'
import { renderComment } from '../render/comment.ts'
import { badRequest, forbidden, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { readCommentText } from './comment-text.ts'
import { type OnPullRequest, participate, raisePullRequestEvent, touch } from './pull-requests.ts'

interface NewComment {
  raw: string | undefined
  parentId?: number | undefined
  inline?: Inline | undefined
  pending?: boolean | undefined
}

function raise(sim: Sim, on: OnPullRequest, event: string, comment: Comment): void {
  const place = { sim, repository: on.repository }
  const more = { comment: renderComment(place, { kind: 'pullrequest', pullRequest: on.pullRequest }, comment) }
  raisePullRequestEvent(sim, { ...on, event, more })
}

/** Finds a comment, deleted ones included. The message of the 404 is the bare id. */
export function getPullRequestComment(pullRequest: PullRequest, id: string): Comment {
  const found = pullRequest.comments.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound(id)
  return found
}

/** Neither the path nor the line has to be in the diff. */
function pin({ sourceHash, destinationHash }: PullRequest, inline: Inline | undefined): Inline | null {
  return inline === undefined ? null : { ...inline, sourceHash, destinationHash }
}

export function createPullRequestComment(sim: Sim, on: OnPullRequest, input: NewComment): Comment {
  const { pullRequest, actor } = on
  const raw = readCommentText(input.raw)
  const parent =
    input.parentId === undefined ? undefined : pullRequest.comments.find((one) => one.id === input.parentId)
  if (input.parentId !== undefined && (parent === undefined || parent.deleted)) {
    throw badRequest('Bad request', { parent: [`Comment ${input.parentId} not found.`] })
  }
  const date = sim.now()
  const comment: Comment = {
    id: sim.newId(),
    author: actor,
    raw,
    createdOn: date,
    updatedOn: date,
    deleted: false,
    pending: input.pending ?? false,
    parentId: input.parentId ?? null,
    // A reply stands where its thread stands.
    inline: parent === undefined ? pin(pullRequest, input.inline) : parent.inline && { ...parent.inline },
    resolution: null,
  }
  pullRequest.comments.push(comment)
  if (comment.pending) return comment
  participate(on, date)
  touch(pullRequest, date)
  pullRequest.activity.push({ kind: 'comment', date, commentId: comment.id })
  raise(sim, on, 'comment_created', comment)
  return comment
}

function assertAuthor(on: OnPullRequest, comment: Comment): void {
  if (comment.author.uuid !== on.actor.uuid) throw forbidden('You are not allowed to change this comment.')
}

export function updatePullRequestComment(
  sim: Sim,
  on: OnPullRequest,
  input: { comment: Comment; raw: string | undefined },
): Comment {
  const { comment } = input
  if (comment.deleted) throw notFound(String(comment.id))
  assertAuthor(on, comment)
  comment.raw = readCommentText(input.raw)
  comment.updatedOn = sim.now()
  touch(on.pullRequest, comment.updatedOn)
  raise(sim, on, 'comment_updated', comment)
  return comment
}

/** Deleted comments stay in the list as `deleted: true`, without their text. */
export function deletePullRequestComment(sim: Sim, on: OnPullRequest, comment: Comment): void {
  if (comment.deleted) throw notFound(String(comment.id))
  if (comment.author.uuid !== on.actor.uuid && grantedTo(on.repository, on.actor) !== 'admin') assertAuthor(on, comment)
  comment.deleted = true
  comment.raw = ''
  comment.updatedOn = sim.now()
  touch(on.pullRequest, comment.updatedOn)
  raise(sim, on, 'comment_deleted', comment)
}

/** Only the first comment of a thread on the diff can be resolved. */
export function resolvePullRequestComment(sim: Sim, on: OnPullRequest, comment: Comment): Comment {
  if (comment.deleted) throw notFound(String(comment.id))
  if (comment.parentId !== null) throw forbidden('Only top-level comments can be resolved.')
  if (comment.inline === null) throw forbidden('Only comments on the diff can be resolved.')
  if (comment.resolution !== null) throw new SimulatorError(409, 'This comment has already been resolved.')
  const date = sim.now()
  comment.resolution = { person: on.actor, createdOn: date }
  touch(on.pullRequest, date)
  raise(sim, on, 'comment_resolved', comment)
  return comment
}

export function reopenPullRequestComment(sim: Sim, on: OnPullRequest, comment: Comment): void {
  if (comment.parentId !== null) throw forbidden('Only top-level comments can be reopened.')
  if (comment.deleted || comment.resolution === null) throw notFound(String(comment.id))
  comment.resolution = null
  touch(on.pullRequest, sim.now())
  raise(sim, on, 'comment_reopened', comment)
}
