import { type Html, html } from '../../shared/html.ts'
import { type Issue, issueKinds, issuePriorities, issueStates, trackerPartKinds } from '../model/issue-tracker.ts'
import type { Comment } from '../model.ts'
import { mayDeleteAttachment } from '../operations/issue-attachments.ts'
import { isInterested } from '../operations/issue-interest.ts'
import { mayEditIssue, type OnIssue } from '../operations/issues.ts'
import { commentForm, renderOneComment, type Talk } from './comment-thread.ts'
import { readIssueVisit } from './issue-forms.ts'
import { menu, options } from './issues-page.ts'
import { lozenge, moment } from './layout.ts'
import { markdown } from './markdown.ts'
import { assigneeMenu, partMenus } from './new-issue-page.ts'
import { type Answer, mayIn, type RepositoryVisit, show } from './visit.ts'

function button(action: string, label: string, id: string): Html {
  return html`<form method="post" action="${action}"><button id="${id}">${label}</button></form>`
}

/** Each is a change of its own, with its own line in the history. */
function changeForms(visit: RepositoryVisit, issue: Issue, action: string): Html {
  return html`<details><summary id="change-state-open">Change state…</summary><form method="post" action="${action}/state" id="state-form">
<label for="state">State</label><select id="state" name="state">${options(issueStates, issue.state)}</select>
<label for="message">Message (optional)</label><textarea id="message" name="message" rows="2"></textarea>
<button class="primary" id="change-state">Change state</button></form></details>
<details><summary id="assign-open">Assign…</summary><form method="post" action="${action}/assignee" id="assignee-form">${assigneeMenu(visit, issue.assignee)}
<button class="primary" id="assign">Assign</button></form></details>
<details><summary id="edit-issue-open">Edit…</summary><form method="post" action="${action}/edit" id="edit-issue-form" class="narrow">
<label for="title">Title</label><input id="title" name="title" required maxlength="255" value="${issue.title}">
<label for="content">Description</label><textarea id="content" name="content" rows="6">${issue.raw}</textarea>
${menu('kind', 'Kind', { of: issueKinds, chosen: issue.kind })}
${menu('priority', 'Priority', { of: issuePriorities, chosen: issue.priority })}
${partMenus(visit, issue)}
<button class="primary" id="edit-issue">Save</button></form></details>`
}

function actions(visit: RepositoryVisit, on: OnIssue, action: string): Html {
  const { issue, actor } = on
  const votes = isInterested(issue, 'voters', actor.uuid)
  const watches = isInterested(issue, 'watchers', actor.uuid)
  return html`<div class="row" id="actions">${mayEditIssue(on) && changeForms(visit, issue, action)}
${votes ? button(`${action}/unvote`, 'Take vote back', 'unvote') : button(`${action}/vote`, 'Vote', 'vote')}
${watches ? button(`${action}/unwatch`, 'Stop watching', 'unwatch') : button(`${action}/watch`, 'Watch', 'watch')}
${mayIn(visit.repository, visit.person, 'write') && button(`${action}/delete`, 'Delete issue', 'delete-issue')}</div>`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function head(issue: Issue): Html {
  const parts = trackerPartKinds.flatMap((kind) => {
    const part = issue[kind]
    return part === null ? [] : [html` · ${kind} <span id="issue-${kind}">${part.name}</span>`]
  })
  return html`<h1>${issue.title} <small>#${issue.id}</small></h1>
<p id="issue-state">${lozenge(issue.state)} ${issue.kind}, ${issue.priority} · reported by ${issue.reporter?.displayName ?? 'somebody who left'}, ${moment(issue.createdOn)} ·
assigned to <span id="issue-assignee">${issue.assignee?.displayName ?? 'nobody'}</span>${parts} · <span id="issue-votes">${counted(issue.voters.length, 'vote')}</span>, <span id="issue-watchers">${counted(issue.watchers.length, 'watcher')}</span></p>`
}

function attachments(on: OnIssue, action: string): Html {
  const rows = on.issue.attachments.map((one, index) => {
    const address = `${action}/attachments/${encodeURIComponent(one.name)}`
    return html`<li class="row"><a href="${address}">${one.name}</a> <small>${counted(one.bytes.length, 'byte')}</small>${
      mayDeleteAttachment(on, one) && button(`${address}/delete`, 'Delete', `delete-attachment-${index + 1}`)
    }</li>`
  })
  return html`<section id="attachments" aria-labelledby="attachments-heading"><h2 id="attachments-heading">Attachments (${rows.length})</h2>
${rows.length > 0 && html`<ul class="plain">${rows}</ul>`}
<form method="post" action="${action}/attachments" enctype="multipart/form-data" id="attach-form" class="narrow"><label for="files">Files</label><input id="files" name="files" type="file" multiple required>
<button id="attach">Attach</button></form></section>`
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
  const on = readIssueVisit(visit)
  const { issue } = on
  const { repository, base, person } = visit
  const action = `${base}/issues/${issue.id}`
  const talk: Talk = {
    place: visit,
    person,
    comments: issue.comments,
    action,
    canReply: false,
    canResolve: false,
    canMakeTasks: false,
  }
  const body = html`${head(issue)}${actions(visit, on, action)}
<div class="prose" id="description">${issue.raw === '' ? html`<p><em>No description.</em></p>` : markdown(visit, issue.raw)}</div>
${attachments(on, action)}
<section id="conversation" aria-labelledby="conversation-heading"><h2 id="conversation-heading">Comments</h2>
${issue.comments.map((comment) => entry(talk, issue, comment))}
${commentForm({ action: `${action}/comments`, id: 'new-comment', label: 'Add a comment', button: 'Comment' })}</section>`
  return show({ title: `#${issue.id}: ${issue.title}`, body, repository, tab: 'issues' })
}
