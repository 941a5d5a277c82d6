import { at, booleanAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import type { Comment, PullRequest, Repository, Task } from '../model.ts'
import {
  createPullRequestComment,
  deletePullRequestComment,
  getPullRequestComment,
  reopenPullRequestComment,
  resolvePullRequestComment,
  updatePullRequestComment,
} from '../operations/pull-request-comments.ts'
import { getPullRequest } from '../operations/pull-requests.ts'
import { createTask, deleteTask, getTask, updateTask } from '../operations/tasks.ts'
import { queryable } from '../query/select-items.ts'
import { renderAccount } from '../render/account.ts'
import { renderComment } from '../render/comment.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderTask } from '../render/pull-request.ts'
import { onPullRequest } from './pull-requests.ts'
import { readInline, readParentId, readRaw } from './read-comment.ts'

const base = '/repositories/:workspace/:slug/pullrequests/:id'

interface Subject {
  repository: Repository
  pullRequest: PullRequest
}

function subjectOf(call: Call): Subject {
  const repository = repositoryOf(call)
  return { repository, pullRequest: getPullRequest(repository, call.params['id'] ?? '') }
}

function render(call: Call, { repository, pullRequest }: Subject, comment: Comment) {
  return renderComment({ sim: call.sim, repository }, { kind: 'pullrequest', pullRequest }, comment)
}

function commentOf(call: Call, { pullRequest }: Subject): Comment {
  return getPullRequestComment(pullRequest, call.params['comment'] ?? '')
}

function task(call: Call, { repository, pullRequest }: Subject, one: Task) {
  return renderTask({ sim: call.sim, repository }, pullRequest, one)
}

function create(call: Call): Answer {
  const on = onPullRequest(call)
  const comment = createPullRequestComment(call.sim, on, {
    raw: readRaw(call.body),
    parentId: readParentId(call.body),
    inline: readInline(call.body),
    pending: booleanAt(call.body, 'pending'),
  })
  const location = `${apiRepositoryUrl(call.sim, on.repository)}/pullrequests/${on.pullRequest.id}/comments/${comment.id}`
  return { status: 201, body: render(call, on, comment), headers: { location } }
}

/** Comments not yet published are seen by their author alone. */
function isShown(call: Call, comment: Comment): boolean {
  return !comment.pending || (call.principal.kind === 'known' && call.principal.person.uuid === comment.author.uuid)
}

const comments: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/comments`,
    need: needs.readPullRequest,
    handle: (call) => {
      const subject = subjectOf(call)
      const shown = subject.pullRequest.comments.filter((one) => isShown(call, one))
      return listing(
        call,
        shown.map((one) => render(call, subject, one)),
        { queryable: queryable.comment },
      )
    },
  },
  { method: 'POST', path: `${base}/comments`, need: needs.readPullRequest, handle: create },
  {
    method: 'GET',
    path: `${base}/comments/:comment`,
    need: needs.readPullRequest,
    handle: (call) => {
      const subject = subjectOf(call)
      return { body: render(call, subject, commentOf(call, subject)) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/comments/:comment`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      const comment = updatePullRequestComment(call.sim, on, { comment: commentOf(call, on), raw: readRaw(call.body) })
      return { body: render(call, on, comment) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/comments/:comment`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      deletePullRequestComment(call.sim, on, commentOf(call, on))
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: `${base}/comments/:comment/resolve`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      const { resolution } = resolvePullRequestComment(call.sim, on, commentOf(call, on))
      return {
        body: {
          type: 'comment_resolution',
          user: renderAccount(call.sim, on.actor),
          created_on: resolution?.createdOn ?? '',
        },
      }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/comments/:comment/resolve`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      reopenPullRequestComment(call.sim, on, commentOf(call, on))
      return { status: 204 }
    },
  },
]

function readCommentId(body: unknown): number | undefined {
  const id = at(body, 'comment', 'id')
  if (typeof id === 'string') return Number(id)
  return typeof id === 'number' ? id : undefined
}

const tasks: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/tasks`,
    need: needs.readPullRequest,
    handle: (call) => {
      const subject = subjectOf(call)
      return listing(
        call,
        subject.pullRequest.tasks.map((one) => task(call, subject, one)),
        { queryable: queryable.task },
      )
    },
  },
  {
    method: 'POST',
    path: `${base}/tasks`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      const made = createTask(call.sim, on, {
        raw: readRaw(call.body),
        commentId: readCommentId(call.body),
        pending: booleanAt(call.body, 'pending'),
      })
      const location = `${apiRepositoryUrl(call.sim, on.repository)}/pullrequests/${on.pullRequest.id}/tasks/${made.id}`
      return { status: 201, body: task(call, on, made), headers: { location } }
    },
  },
  {
    method: 'GET',
    path: `${base}/tasks/:task`,
    need: needs.readPullRequest,
    handle: (call) => {
      const subject = subjectOf(call)
      return { body: task(call, subject, getTask(subject.pullRequest, call.params['task'] ?? '')) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/tasks/:task`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      const found = getTask(on.pullRequest, call.params['task'] ?? '')
      return {
        body: task(
          call,
          on,
          updateTask(call.sim, on, { task: found, raw: readRaw(call.body), state: stringAt(call.body, 'state') }),
        ),
      }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/tasks/:task`,
    need: needs.readPullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      deleteTask(call.sim, on, getTask(on.pullRequest, call.params['task'] ?? ''))
      return { status: 204 }
    },
  },
]

export const pullRequestCommentEndpoints: Endpoint[] = [...comments, ...tasks]
