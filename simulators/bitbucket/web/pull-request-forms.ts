import { mergeStrategies } from '../git/merge.ts'
import { mergePullRequest } from '../operations/merge-pull-request.ts'
import {
  createPullRequestComment,
  deletePullRequestComment,
  getPullRequestComment,
  reopenPullRequestComment,
  resolvePullRequestComment,
  updatePullRequestComment,
} from '../operations/pull-request-comments.ts'
import {
  declinePullRequest,
  getPullRequest,
  type OnPullRequest,
  updatePullRequest,
} from '../operations/pull-requests.ts'
import { createTask, getTask, updateTask } from '../operations/tasks.ts'
import { giveVerdict, withdrawVerdict } from '../operations/verdicts.ts'
import { badRequest, forbidden } from '../simulator-error.ts'
import { readInline } from './diff-view.ts'
import { formNumber, formText } from './form.ts'
import { keepTyped } from './try-again.ts'
import { type Answer, mayIn, type RepositoryVisit, redirect } from './visit.ts'

type Handler = (visit: RepositoryVisit) => Answer | Promise<Answer>

interface On {
  on: OnPullRequest
  visit: RepositoryVisit
}

/** A form on a pull request: does it, then leads back to the page, at the place `act` answers. */
function pullRequestForm(act: (input: On) => string | Promise<string>): Handler {
  return keepTyped(async (visit) => {
    const { repository, person, base } = visit
    const pullRequest = getPullRequest(repository, visit.params['id'] ?? '')
    const anchor = await act({ on: { repository, actor: person, pullRequest }, visit })
    return redirect(`${base}/pull-requests/${pullRequest.id}#${anchor}`)
  })
}

const commentOf = ({ on, visit }: On) => getPullRequestComment(on.pullRequest, visit.params['comment'] ?? '')

export const addComment = pullRequestForm(({ on, visit }) => {
  const { form, sim } = visit
  const comment = createPullRequestComment(sim, on, {
    raw: formText(form, 'content'),
    parentId: formNumber(form, 'parent'),
    inline: readInline(form),
  })
  return `comment-${comment.id}`
})

export const editComment = pullRequestForm((input) => {
  const comment = updatePullRequestComment(input.visit.sim, input.on, {
    comment: commentOf(input),
    raw: formText(input.visit.form, 'content'),
  })
  return `comment-${comment.id}`
})

export const deleteComment = pullRequestForm((input) => {
  deletePullRequestComment(input.visit.sim, input.on, commentOf(input))
  return 'conversation'
})

export const resolveComment = pullRequestForm((input) => {
  const comment = resolvePullRequestComment(input.visit.sim, input.on, commentOf(input))
  return `comment-${comment.id}`
})

export const reopenComment = pullRequestForm((input) => {
  const comment = commentOf(input)
  reopenPullRequestComment(input.visit.sim, input.on, comment)
  return `comment-${comment.id}`
})

export const addTask = pullRequestForm(({ on, visit }) => {
  const { form, sim } = visit
  return `task-${createTask(sim, on, { raw: formText(form, 'content'), commentId: formNumber(form, 'comment') }).id}`
})

function taskForm(state: 'RESOLVED' | 'UNRESOLVED'): Handler {
  return pullRequestForm(({ on, visit }) => {
    const task = getTask(on.pullRequest, visit.params['task'] ?? '')
    return `task-${updateTask(visit.sim, on, { task, state }).id}`
  })
}

export const resolveTask = taskForm('RESOLVED')
export const reopenTask = taskForm('UNRESOLVED')

export const approve = pullRequestForm(({ on, visit }) => {
  giveVerdict(visit.sim, on, 'approved')
  return 'actions'
})

export const unapprove = pullRequestForm(({ on, visit }) => {
  withdrawVerdict(visit.sim, on, 'approved')
  return 'actions'
})

export const requestChanges = pullRequestForm(({ on, visit }) => {
  giveVerdict(visit.sim, on, 'changes_requested')
  return 'actions'
})

export const removeRequestChanges = pullRequestForm(({ on, visit }) => {
  withdrawVerdict(visit.sim, on, 'changes_requested')
  return 'actions'
})

export const merge = pullRequestForm(async ({ on, visit }) => {
  const wanted = formText(visit.form, 'merge_strategy') ?? 'merge_commit'
  const strategy = mergeStrategies.find((one) => one === wanted)
  if (strategy === undefined)
    throw badRequest('Bad request', { merge_strategy: [`"${wanted}" is not a valid choice.`] })
  const closeSourceBranch = visit.form.get('close_source_branch') === 'on' ? true : undefined
  await mergePullRequest(visit.sim, on, { strategy, message: formText(visit.form, 'message'), closeSourceBranch })
  return 'pull-request-state'
})

export const setDraft = pullRequestForm(async ({ on, visit }) => {
  const { repository, person } = visit
  if (!mayIn(repository, person, 'write') && on.pullRequest.author.uuid !== person.uuid) {
    throw forbidden('Only the author and people with write access may change a pull request.')
  }
  await updatePullRequest(visit.sim, on, { draft: visit.form.get('draft') === 'on' })
  return 'pull-request-state'
})

export const decline = pullRequestForm(async ({ on, visit }) => {
  const { repository, person } = visit
  if (!mayIn(repository, person, 'write') && on.pullRequest.author.uuid !== person.uuid) {
    throw forbidden('Only the author and people with write access may decline a pull request.')
  }
  await declinePullRequest(visit.sim, on, formText(visit.form, 'reason') ?? '')
  return 'pull-request-state'
})
