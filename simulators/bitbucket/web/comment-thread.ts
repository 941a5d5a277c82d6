import { Html, html } from '../../shared/html.ts'
import type { Comment, Person } from '../model.ts'
import type { Place } from '../render/place.ts'
import { lozenge, moment } from './layout.ts'
import { markdown } from './markdown.ts'

/** Where comments hang: a pull request, a commit or an issue. */
export interface Talk {
  /** Whose numbers and names the comments mention. */
  place: Place
  person: Person
  comments: readonly Comment[]
  /** Address of the page; comments are posted to `{action}/comments`. */
  action: string
  canReply: boolean
  canResolve: boolean
  canMakeTasks: boolean
}

export interface Thread {
  top: Comment
  replies: Comment[]
}

/** Comments in threads, oldest first. A reply to a reply belongs to the same thread. */
export function toThreads(comments: readonly Comment[]): Thread[] {
  const byId = new Map(comments.map((comment) => [comment.id, comment]))
  const rootOf = (comment: Comment): Comment => {
    const parent = comment.parentId === null ? undefined : byId.get(comment.parentId)
    return parent === undefined ? comment : rootOf(parent)
  }
  return comments
    .filter((comment) => rootOf(comment) === comment)
    .map((top) => ({ top, replies: comments.filter((one) => one !== top && rootOf(one) === top) }))
    .filter((thread) => !thread.top.deleted || thread.replies.some((reply) => !reply.deleted))
}

export function commentForm(form: {
  action: string
  id: string
  label: string
  button: string
  value?: string
  fields?: Html
}): Html {
  return html`<form method="post" action="${form.action}" id="${form.id}">${form.fields}
<label for="${form.id}-content">${form.label}</label>
<textarea id="${form.id}-content" name="content" rows="3" required maxlength="32768">${form.value}</textarea>
<button class="primary" id="${form.id}-save">${form.button}</button></form>`
}

function postButton(action: string, label: string, id: string): Html {
  return html`<form method="post" action="${action}"><button id="${id}">${label}</button></form>`
}

function ownActions(talk: Talk, comment: Comment): Html | null {
  if (comment.author.uuid !== talk.person.uuid) return null
  const path = `${talk.action}/comments/${comment.id}`
  return html`<details><summary id="edit-${comment.id}-open">Edit</summary>${commentForm({
    action: `${path}/edit`,
    id: `edit-${comment.id}`,
    label: 'Comment',
    button: 'Save',
    value: comment.raw ?? '',
  })}</details>${postButton(`${path}/delete`, 'Delete', `delete-${comment.id}`)}`
}

function threadActions(talk: Talk, comment: Comment): Html | null {
  if (!talk.canResolve || comment.parentId !== null || comment.inline === null) return null
  const path = `${talk.action}/comments/${comment.id}`
  return comment.resolution === null
    ? postButton(`${path}/resolve`, 'Resolve', `resolve-${comment.id}`)
    : postButton(`${path}/reopen`, 'Reopen', `reopen-${comment.id}`)
}

function replyAction(talk: Talk, comment: Comment): Html | null {
  if (!talk.canReply) return null
  return html`<details><summary id="reply-${comment.id}-open">Reply</summary>${commentForm({
    action: `${talk.action}/comments`,
    id: `reply-${comment.id}`,
    label: `Reply to ${comment.author.displayName}`,
    button: 'Reply',
    fields: html`<input type="hidden" name="parent" value="${comment.id}">`,
  })}</details>`
}

function taskAction(talk: Talk, comment: Comment): Html | null {
  if (!talk.canMakeTasks) return null
  return html`<details><summary id="task-on-${comment.id}-open">Add task</summary>${commentForm({
    action: `${talk.action}/tasks`,
    id: `task-on-${comment.id}`,
    label: 'Task',
    button: 'Add task',
    fields: html`<input type="hidden" name="comment" value="${comment.id}">`,
  })}</details>`
}

export function renderOneComment(talk: Talk, comment: Comment): Html {
  const edited = comment.updatedOn !== comment.createdOn && !comment.deleted
  const head = html`<header><strong>${comment.author.displayName}</strong>${comment.author.kind === 'app_user' && lozenge('BOT')}
<a href="#comment-${comment.id}">${moment(comment.createdOn)}</a>${edited && html` <small>edited</small>`}${
    comment.pending && lozenge('PENDING')
  }</header>`
  if (comment.deleted)
    return html`<article class="comment" id="comment-${comment.id}">${head}<p><em>This comment was deleted.</em></p></article>`
  return html`<article class="comment" id="comment-${comment.id}">${head}<div class="prose">${markdown(talk.place, comment.raw ?? '')}</div>
<div class="actions">${replyAction(talk, comment)}${ownActions(talk, comment)}${threadActions(talk, comment)}${taskAction(talk, comment)}</div></article>`
}

/** Other people's pending comments are not for reading. */
function isVisible(talk: Talk, comment: Comment): boolean {
  return !comment.pending || comment.author.uuid === talk.person.uuid
}

/** A thread with, for an inline one, the lines of code it speaks of. */
export function renderThread(talk: Talk, thread: Thread, code: Html | null): Html | null {
  const { top } = thread
  if (!isVisible(talk, top)) return null
  const replies = thread.replies.filter((reply) => isVisible(talk, reply))
  const resolved = top.resolution
  const content = html`${code}${renderOneComment(talk, top)}${
    replies.length > 0 && html`<div class="replies">${replies.map((reply) => renderOneComment(talk, reply))}</div>`
  }`
  if (resolved === null) return html`<section class="thread" id="thread-${top.id}">${content}</section>`
  return html`<section class="thread resolved" id="thread-${top.id}"><p>${lozenge('RESOLVED')} by ${resolved.person.displayName}, ${moment(
    resolved.createdOn,
  )}</p>${content}</section>`
}
