import { type Html, html } from '../../shared/html.ts'
import { getIssue, mayIn } from '../auth/permission.ts'
import { offerMedia } from '../media-files.ts'
import type { Issue } from '../model.ts'
import { addAttachments, deleteAttachment, getAttachment } from '../operations/attachments.ts'
import { moment } from './layout.ts'
import { type Answer, type PersonVisit, redirect } from './visit.ts'

export function attachmentSection({ person }: PersonVisit, issue: Issue): Html {
  return html`<section id="attachments"><h2>Attachments</h2><ul>${issue.attachments.map(
    (one) =>
      html`<li id="attachment-${one.id}"><a href="/secure/attachment/${one.id}/${encodeURIComponent(one.filename)}">${one.filename}</a> · ${one.author.displayName} · ${moment(one.created)}
<form method="post" action="/browse/${issue.key}/attachments/${one.id}/delete"><button id="delete-attachment-${one.id}">Remove</button></form></li>`,
  )}</ul>${
    mayIn(issue.project, person, 'work') &&
    html`<form method="post" action="/browse/${issue.key}/attachments" enctype="multipart/form-data"><label for="attach">Attach files</label>
<input id="attach" type="file" name="file" multiple required><button id="attach-save">Attach</button></form>`
  }</section>`
}

export function attach({ sim, person, params, files }: PersonVisit): Answer {
  const issue = getIssue(sim, person, params['issue'] ?? '')
  addAttachments(sim, person, { issue, files })
  return redirect(`/browse/${issue.key}#attachments`)
}

export function removeAttachment({ sim, person, params }: PersonVisit): Answer {
  deleteAttachment(sim, person, params['attachment'] ?? '')
  return redirect(`/browse/${params['issue'] ?? ''}#attachments`)
}

export function openAttachment({ sim, person, params }: PersonVisit): Answer {
  return redirect(offerMedia(sim, getAttachment(sim, person, params['attachment'] ?? '').attachment))
}
