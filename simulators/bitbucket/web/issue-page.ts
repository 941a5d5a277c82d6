import { Html, html } from '../../shared/html.ts'
import { type Comment, type Issue, issueStates } from '../model.ts'
import {
  createIssueComment,
  deleteIssueComment,
  getIssue,
  getIssueComment,
  type OnIssue,
  updateIssue,
  updateIssueComment,
} from '../operations/issues.ts'
import { badRequest, forbidden } from '../simulator-error.ts'
import { commentForm, renderOneComment, type Talk } from './comment-thread.ts'
import { formText } from './form.ts'
import { assertTracker, options } from './issues-page.ts'
import { lozenge, moment } from './layout.ts'
import { markdown } from './markdown.ts'
import { type Answer, mayIn, type RepositoryVisit, redirect, show } from './visit.ts'

interface On {
  on: OnIssue
  visit: RepositoryVisit
}

function read(visit: RepositoryVisit): On {
  assertTracker(visit)
  const { repository, person } = visit
  return { on: { repository, actor: person, issue: getIssue(repository, visit.params['id'] ?? '') }, visit }
}

/** Whom an issue can be given to: the people who may read the repository. */
function assignable({ repository }: RepositoryVisit) {
  return repository.workspace.members
    .map((member) => member.person)
    .filter((person) => mayIn(repository, person, 'read'))
}

function changeForms(visit: RepositoryVisit, issue: Issue, action: string): Html | null {
  if (!mayChange(visit, issue)) return null
  return html`<details><summary id="change-state-open">Change state…</summary><form method="post" action="${action}/state" id="state-form">
<label for="state">State</label><select id="state" name="state">${options(issueStates, issue.state)}</select>
<label for="message">Message (optional)</label><textarea id="message" name="message" rows="2"></textarea>
<button class="primary" id="change-state">Change state</button></form></details>
<details><summary id="assign-open">Assign…</summary><form method="post" action="${action}/assignee" id="assignee-form"><label for="assignee">Assignee</label>
<select id="assignee" name="assignee"><option value="">Nobody</option>${assignable(visit).map(
    (one) =>
      html`<option value="${one.accountId}"${one.uuid === issue.assignee?.uuid && new Html(' selected')}>${one.displayName}</option>`,
  )}</select><button class="primary" id="assign">Assign</button></form></details>`
}

/** Each change is a comment too; without text it shows as what changed alone. */
function entry(talk: Talk, issue: Issue, comment: Comment): Html | null {
  if (comment.deleted) return null
  const change = issue.changes.find((one) => one.id === comment.id)
  const fields = Object.entries(change?.changes ?? {}).filter(([field]) => field !== 'assignee_account_id')
  const events = fields.map(([field, { old, new: now }]) => {
    const values = field === 'content' ? '' : ` from ${old === '' ? 'none' : old} to ${now === '' ? 'none' : now}`
    return html`<p class="event">${comment.author.displayName} changed ${field}${values} · ${moment(comment.createdOn)}</p>`
  })
  return html`${events}${comment.raw !== null && renderOneComment(talk, comment)}`
}

export function showIssue(visit: RepositoryVisit): Answer {
  const { issue } = read(visit).on
  const { repository, base, person } = visit
  const action = `${base}/issues/${issue.id}`
  const talk: Talk = {
    person,
    comments: issue.comments,
    action,
    canReply: false,
    canResolve: false,
    canMakeTasks: false,
  }
  const body = html`<h1>${issue.title} <small>#${issue.id}</small></h1>
<p id="issue-state">${lozenge(issue.state)} ${issue.kind}, ${issue.priority} · reported by ${issue.reporter.displayName}, ${moment(issue.createdOn)} ·
assigned to <span id="issue-assignee">${issue.assignee?.displayName ?? 'nobody'}</span></p>
<div class="row" id="actions">${changeForms(visit, issue, action)}</div>
<div class="prose" id="description">${issue.raw === '' ? html`<p><em>No description.</em></p>` : markdown(issue.raw)}</div>
<section id="conversation" aria-labelledby="conversation-heading"><h2 id="conversation-heading">Comments</h2>
${issue.comments.map((comment) => entry(talk, issue, comment))}
${commentForm({ action: `${action}/comments`, id: 'new-comment', label: 'Add a comment', button: 'Comment' })}</section>`
  return show({ title: `#${issue.id}: ${issue.title}`, body, repository, tab: 'issues' })
}

function issueForm(act: (input: On) => string): (visit: RepositoryVisit) => Answer {
  return (visit) => {
    const input = read(visit)
    const anchor = act(input)
    return redirect(`${visit.base}/issues/${input.on.issue.id}#${anchor}`)
  }
}

const commentOf = ({ on, visit }: On) => getIssueComment(on.issue, visit.params['comment'] ?? '')

export const addIssueComment = issueForm(
  ({ on, visit }) => `comment-${createIssueComment(visit.sim, on, formText(visit.form, 'content')).id}`,
)

export const editIssueComment = issueForm((input) => {
  const edit = { comment: commentOf(input), raw: formText(input.visit.form, 'content') }
  return `comment-${updateIssueComment(input.visit.sim, input.on, edit).id}`
})

export const removeIssueComment = issueForm((input) => {
  deleteIssueComment(input.visit.sim, input.on, commentOf(input))
  return 'conversation'
})

/** People with write access change any issue, others those they reported or were given. */
function mayChange(visit: RepositoryVisit, issue: Issue): boolean {
  const isConcerned = [issue.reporter, issue.assignee].some((one) => one?.uuid === visit.person.uuid)
  return isConcerned || mayIn(visit.repository, visit.person, 'write')
}

function assertMayChange({ on, visit }: On): void {
  if (!mayChange(visit, on.issue)) throw forbidden('You do not have permission to change this issue.')
}

export const changeState = issueForm((input) => {
  assertMayChange(input)
  const { on, visit } = input
  const message = formText(visit.form, 'message') ?? ''
  const state = formText(visit.form, 'state')
  if (state === undefined) throw badRequest('Bad request', { state: ['This field is required.'] })
  updateIssue(visit.sim, on, { edit: { state }, message: message.trim() === '' ? null : message })
  return 'issue-state'
})

export const changeAssignee = issueForm((input) => {
  assertMayChange(input)
  const { on, visit } = input
  const wanted = formText(visit.form, 'assignee') ?? ''
  const assignee = wanted === '' ? null : assignable(visit).find((one) => one.accountId === wanted)
  if (assignee === undefined) throw badRequest('Bad request', { assignee: [`No such person: ${wanted}`] })
  updateIssue(visit.sim, on, { edit: { assignee }, message: null })
  return 'issue-assignee'
})
