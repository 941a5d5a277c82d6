import { type Html, html } from '../../shared/html.ts'
import { documentToText } from '../adf/document-to-text.ts'
import { textToDocument } from '../adf/text-to-document.ts'
import { assertMay, getIssue, mayIn } from '../auth/permission.ts'
import type { Comment, Issue } from '../model.ts'
import {
  addComment,
  deleteComment,
  editComment,
  getComment,
  mayChange,
  readCommentBody,
} from '../operations/comments.ts'
import { customText } from '../operations/edit.ts'
import { deleteIssue, editIssue, screenOf } from '../operations/issues.ts'
import { readEdit } from '../operations/read-edit.ts'
import { listTransitions, readTransition, targetOf, transitionIssue } from '../operations/transitions.ts'
import { attachmentSection } from './attachment-forms.ts'
import { renderDocument } from './document.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type PersonVisit, redirect, show } from './visit.ts'

function issueOf(visit: PersonVisit): Issue {
  return getIssue(visit.sim, visit.person, visit.params['issue'] ?? '')
}

function statusForms(visit: PersonVisit, issue: Issue): Html {
  return html`${listTransitions(issue, visit.person).map(
    (one) => html`<form method="post" action="/browse/${issue.key}/transition" class="row">
<input type="hidden" name="transition" value="${one.id}">
${
  one.needsResolution &&
  html`<label for="resolution-${one.id}">Resolution</label><select id="resolution-${one.id}" name="resolution">${visit.sim.resolutions.map(
    (resolution) => html`<option value="${resolution.id}">${resolution.name}</option>`,
  )}</select>`
}
<button id="transition-${one.id}">${one.name} → ${targetOf(issue, one).name}</button></form>`,
  )}`
}

function editForm(visit: PersonVisit, issue: Issue): Html {
  const people = visit.sim.people.filter((one) => one.isActive && mayIn(issue.project, one, 'work'))
  return html`<details id="edit-open"><summary>Edit</summary><form method="post" action="/browse/${issue.key}/edit" id="edit">
<label for="summary">Summary</label><input id="summary" name="summary" required value="${issue.summary}">
<label for="description">Description</label><textarea id="description" name="description" rows="6">${documentToText(issue.description)}</textarea>
<label for="priority">Priority</label><select id="priority" name="priority">${visit.sim.priorities.map(
    (one) => html`<option value="${one.id}" ${one.id === issue.priority.id && 'selected'}>${one.name}</option>`,
  )}</select>
<label for="labels">Labels, with spaces between</label><input id="labels" name="labels" value="${issue.labels.join(' ')}">
<label for="assignee">Assignee</label><select id="assignee" name="assignee"><option value="">Unassigned</option>${people.map(
    (one) => html`<option value="${one.accountId}" ${one === issue.assignee && 'selected'}>${one.displayName}</option>`,
  )}</select>
<button class="primary" id="edit-save">Save</button></form></details>`
}

function commentView(visit: PersonVisit, issue: Issue, comment: Comment): Html {
  const action = `/browse/${issue.key}/comments/${comment.id}`
  const { id } = comment
  const edited = comment.updated > comment.created && html`<small>edited</small>`
  const forms = html`<div class="actions"><details id="edit-${id}-open"><summary>Edit</summary><form method="post" action="${action}/edit">
<textarea id="edit-${id}-content" name="content" rows="4" aria-label="Comment" required>${documentToText(comment.body)}</textarea>
<button class="primary" id="edit-${id}-save">Save</button></form></details>
<form method="post" action="${action}/delete"><button id="delete-${id}">Delete</button></form></div>`
  return html`<article class="comment" id="comment-${id}"><header><strong>${comment.author.displayName}</strong> ${moment(comment.created)} ${edited}</header>
${renderDocument(comment.body)}${mayChange(issue, comment, visit.person) && forms}</article>`
}

function history(issue: Issue): Html {
  return html`<details><summary>History (${issue.histories.length})</summary><ul>${issue.histories
    .toReversed()
    .map((one) =>
      one.items.map(
        (item) =>
          html`<li>${one.author.displayName} changed ${item.field}: ${item.fromText ?? 'None'} → ${item.toText ?? 'None'} · ${moment(one.created)}</li>`,
      ),
    )}</ul></details>`
}

export function showIssue(visit: PersonVisit): Answer {
  const issue = issueOf(visit)
  const { project } = issue
  const mayWork = mayIn(project, visit.person, 'work')
  const custom = project.customFields.map(
    ({ field }) => html`<dt>${field.name}</dt><dd>${customText(issue.custom.get(field.id)) ?? 'None'}</dd>`,
  )
  const body = html`<nav class="path"><a href="/jira/projects">Projects</a> / <a href="/jira/projects/${project.key}">${project.name}</a> / ${issue.key}</nav>
<h1 id="issue-summary">${issue.summary}</h1>
<p><span id="issue-status">${lozenge(issue.status.name, issue.status.category)}</span> <span id="issue-resolution">${issue.resolution?.name ?? 'Unresolved'}</span></p>
<div class="row" id="transitions">${statusForms(visit, issue)}</div>
<dl><dt>Type</dt><dd>${issue.type.name}</dd><dt>Priority</dt><dd id="issue-priority">${issue.priority.name}</dd><dt>Labels</dt><dd id="issue-labels">${issue.labels.join(' ')}</dd>
<dt>Assignee</dt><dd id="issue-assignee">${issue.assignee?.displayName ?? 'Unassigned'}</dd><dt>Reporter</dt><dd>${issue.reporter.displayName}</dd>
<dt>Due</dt><dd>${issue.dueDate ?? 'None'}</dd>${custom}<dt>Updated</dt><dd>${moment(issue.updated)}</dd></dl>
<h2>Description</h2><div id="description">${issue.description === null ? html`<p><em>None.</em></p>` : renderDocument(issue.description)}</div>
${mayWork && editForm(visit, issue)}
${mayIn(project, visit.person, 'admin') && html`<form method="post" action="/browse/${issue.key}/delete"><button id="delete-issue">Delete issue</button></form>`}
${attachmentSection(visit, issue)}
<section id="conversation"><h2>Comments</h2>${issue.comments.map((one) => commentView(visit, issue, one))}
${
  mayWork &&
  html`<form method="post" action="/browse/${issue.key}/comments" id="new-comment"><label for="new-comment-content">Add a comment</label>
<textarea id="new-comment-content" name="content" rows="4" required></textarea><button class="primary" id="new-comment-save">Save</button></form>`
}</section>${history(issue)}`
  return show({ title: `${issue.key}: ${issue.summary}`, body })
}

function content(visit: PersonVisit) {
  return readCommentBody(visit.sim, { body: textToDocument(visit.form.get('content') ?? '') })
}

export function createComment(visit: PersonVisit): Answer {
  const issue = issueOf(visit)
  const comment = addComment(visit.sim, visit.person, { issue, body: content(visit), properties: new Map() })
  return redirect(`/browse/${issue.key}#comment-${comment.id}`)
}

export function changeComment(visit: PersonVisit): Answer {
  const issue = issueOf(visit)
  const comment = getComment(issue, visit.params['comment'] ?? '')
  editComment(visit.sim, visit.person, { issue, comment, body: content(visit) })
  return redirect(`/browse/${issue.key}#comment-${comment.id}`)
}

export function removeComment(visit: PersonVisit): Answer {
  const issue = issueOf(visit)
  deleteComment(visit.sim, visit.person, { issue, comment: getComment(issue, visit.params['comment'] ?? '') })
  return redirect(`/browse/${issue.key}#conversation`)
}

export function changeStatus(visit: PersonVisit): Answer {
  const { sim, person, form } = visit
  const issue = issueOf(visit)
  const resolution = form.get('resolution')
  const body = {
    transition: { id: form.get('transition') ?? '' },
    ...(resolution === null ? {} : { fields: { resolution: { id: resolution } } }),
  }
  transitionIssue(sim, person, { issue, ...readTransition(sim, person, { issue, body }) })
  return redirect(`/browse/${issue.key}`)
}

/** A text that was not touched stays the document it was: a form knows no formatting. */
function descriptionOf(issue: Issue, text: string): Record<string, unknown> {
  const isUntouched = text.replace(/\r\n?/g, '\n') === documentToText(issue.description)
  if (isUntouched) return {}
  return { description: text.trim() === '' ? null : textToDocument(text) }
}

export function changeIssue(visit: PersonVisit): Answer {
  const { sim, person, form } = visit
  const issue = issueOf(visit)
  assertMay(issue.project, person, { wanted: 'work', message: 'You do not have permission to edit this issue.' })
  const assignee = form.get('assignee') ?? ''
  const fields = {
    summary: form.get('summary') ?? '',
    ...descriptionOf(issue, form.get('description') ?? ''),
    priority: { id: form.get('priority') ?? '' },
    labels: (form.get('labels') ?? '').split(/\s+/).filter((one) => one !== ''),
    assignee: assignee === '' ? null : { accountId: assignee },
  }
  const read = readEdit(sim, { project: issue.project, issue, screen: screenOf(issue.project), body: { fields } })
  editIssue(sim, person, { issue, ...read })
  return redirect(`/browse/${issue.key}`)
}

export function removeIssue(visit: PersonVisit): Answer {
  const issue = issueOf(visit)
  deleteIssue(visit.sim, visit.person, issue)
  return redirect(`/jira/projects/${issue.project.key}`)
}
