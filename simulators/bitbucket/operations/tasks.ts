import type { PullRequest, Task } from '../model.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { readCommentText } from './comment-text.ts'
import { type OnPullRequest, participate, raisePullRequestEvent, touch } from './pull-requests.ts'

export function getTask(pullRequest: PullRequest, id: string): Task {
  const found = pullRequest.tasks.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound('Task not found.')
  return found
}

function changed(sim: Sim, on: OnPullRequest, date: string): void {
  touch(on.pullRequest, date)
  // Whether tasks have a webhook is an open question; see README.
  if (sim.switches.taskWebhooks) raisePullRequestEvent(sim, { ...on, event: 'updated' })
}

interface NewTask {
  raw: string | undefined
  commentId?: number | undefined
  pending?: boolean | undefined
}

export function createTask(sim: Sim, on: OnPullRequest, input: NewTask): Task {
  const raw = readCommentText(input.raw)
  if (input.commentId !== undefined && !on.pullRequest.comments.some((one) => one.id === input.commentId)) {
    throw badRequest('Bad request', { comment: [`Comment ${input.commentId} not found.`] })
  }
  const date = sim.now()
  const task: Task = {
    id: sim.newId(),
    raw,
    state: 'UNRESOLVED',
    creator: on.actor,
    createdOn: date,
    updatedOn: date,
    resolvedOn: null,
    resolvedBy: null,
    commentId: input.commentId ?? null,
    pending: input.pending ?? false,
  }
  on.pullRequest.tasks.push(task)
  participate(on, date)
  changed(sim, on, date)
  return task
}

interface TaskEdit {
  task: Task
  raw?: string | undefined
  state?: string | undefined
}

export function updateTask(sim: Sim, on: OnPullRequest, edit: TaskEdit): Task {
  const { task, state } = edit
  if (state !== undefined && state !== 'RESOLVED' && state !== 'UNRESOLVED') {
    throw badRequest('Bad request', { state: [`"${state}" is not a valid choice.`] })
  }
  const date = sim.now()
  if (edit.raw !== undefined) task.raw = readCommentText(edit.raw)
  if (state !== undefined && state !== task.state) {
    task.state = state
    task.resolvedOn = state === 'RESOLVED' ? date : null
    task.resolvedBy = state === 'RESOLVED' ? on.actor : null
  }
  task.updatedOn = date
  changed(sim, on, date)
  return task
}

export function deleteTask(sim: Sim, on: OnPullRequest, task: Task): void {
  on.pullRequest.tasks = on.pullRequest.tasks.filter((one) => one !== task)
  changed(sim, on, sim.now())
}
