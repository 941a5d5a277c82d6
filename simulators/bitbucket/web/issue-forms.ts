import { offerOneTimeFile } from '../one-time-files.ts'
import { attachFiles, deleteAttachment, getAttachment } from '../operations/issue-attachments.ts'
import {
  createIssueComment,
  deleteIssueComment,
  getIssueComment,
  updateIssueComment,
} from '../operations/issue-comments.ts'
import { type Interest, setInterest } from '../operations/issue-interest.ts'
import { changeIssue, deleteIssue, getIssue, type OnIssue, updateIssue } from '../operations/issues.ts'
import { badRequest } from '../simulator-error.ts'
import { formText } from './form.ts'
import { assertTracker } from './issues-page.ts'
import { readAssignee, readIssueForm } from './new-issue-page.ts'
import { keepTyped } from './try-again.ts'
import { type Answer, permissionIn, type RepositoryVisit, redirect } from './visit.ts'

/** The issue of the address, with what the visitor may do. */
export function readIssueVisit(visit: RepositoryVisit): OnIssue {
  assertTracker(visit)
  const { repository, person } = visit
  const issue = getIssue(repository, visit.params['id'] ?? '')
  return { repository, actor: person, permission: permissionIn(repository, person), issue }
}

/** Does something to an issue and goes back to a place on its page. */
function issueForm(
  act: (on: OnIssue, visit: RepositoryVisit) => string,
): (visit: RepositoryVisit) => Answer | Promise<Answer> {
  return keepTyped((visit) => {
    const on = readIssueVisit(visit)
    const anchor = act(on, visit)
    return redirect(`${visit.base}/issues/${on.issue.id}#${anchor}`)
  })
}

const commentOf = (on: OnIssue, visit: RepositoryVisit) => getIssueComment(on.issue, visit.params['comment'] ?? '')
const attachmentOf = (on: OnIssue, visit: RepositoryVisit) => getAttachment(on, visit.params['name'] ?? '')

export const addIssueComment = issueForm(
  (on, visit) => `comment-${createIssueComment(visit.sim, on, formText(visit.form, 'content')).id}`,
)

export const editIssueComment = issueForm((on, visit) => {
  const edit = { comment: commentOf(on, visit), raw: formText(visit.form, 'content') }
  return `comment-${updateIssueComment(visit.sim, on, edit).id}`
})

export const removeIssueComment = issueForm((on, visit) => {
  deleteIssueComment(visit.sim, on, commentOf(on, visit))
  return 'conversation'
})

export const changeState = issueForm((on, visit) => {
  const message = formText(visit.form, 'message') ?? ''
  const state = formText(visit.form, 'state')
  if (state === undefined) throw badRequest('Bad request', { state: ['This field is required.'] })
  if (message.trim() === '') updateIssue(visit.sim, on, { state })
  else changeIssue(visit.sim, on, { edit: { state }, message })
  return 'issue-state'
})

export const changeAssignee = issueForm((on, visit) => {
  updateIssue(visit.sim, on, { assignee: readAssignee(visit) })
  return 'issue-assignee'
})

export const editIssue = issueForm((on, visit) => {
  updateIssue(visit.sim, on, readIssueForm(visit))
  return 'issue-state'
})

function interestForm(interest: Interest, wanted: boolean) {
  return issueForm((on) => {
    setInterest(on, interest, wanted)
    return 'actions'
  })
}

export const vote = interestForm('voters', true)
export const unvote = interestForm('voters', false)
export const watch = interestForm('watchers', true)
export const unwatch = interestForm('watchers', false)

export const addAttachments = issueForm((on, visit) => {
  attachFiles(visit.sim, on, visit.files)
  return 'attachments'
})

export const removeAttachment = issueForm((on, visit) => {
  deleteAttachment(on, attachmentOf(on, visit))
  return 'attachments'
})

export function downloadAttachment(visit: RepositoryVisit): Answer {
  return redirect(offerOneTimeFile(visit.sim, attachmentOf(readIssueVisit(visit), visit)))
}

export function removeIssue(visit: RepositoryVisit): Answer {
  deleteIssue(readIssueVisit(visit))
  return redirect(`${visit.base}/issues`)
}
