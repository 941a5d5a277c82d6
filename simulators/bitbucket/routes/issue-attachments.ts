import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems } from '../call.ts'
import { offerOneTimeFile } from '../one-time-files.ts'
import { attachFiles, deleteAttachment, getAttachment } from '../operations/issue-attachments.ts'
import { attachmentFields } from '../query/issue-fields.ts'
import { apiIssueUrl, renderAttachment } from '../render/issue.ts'
import { badRequest } from '../simulator-error.ts'
import { actOnIssue, issueBase, readIssue, trackerEndpoint } from './issue-call.ts'

function list(call: Call): Answer {
  const { issue, ...place } = readIssue(call)
  return listItems(call, issue.attachments, {
    render: (attachment) => renderAttachment(place, issue, attachment),
    queryable: attachmentFields,
  })
}

/** One or more files in fields of any name. */
function upload(call: Call): Answer {
  const on = actOnIssue(call)
  const form = call.form()
  if (form === undefined) throw badRequest('Expected multipart/form-data.')
  const files = form.flatMap(({ filename, contentType, bytes }) =>
    filename === null ? [] : [{ filename, contentType: contentType ?? 'application/octet-stream', bytes }],
  )
  attachFiles(call.sim, on, files)
  return { status: 201, headers: { location: `${apiIssueUrl(call.sim, on.repository, on.issue)}/attachments` } }
}

function download(call: Call): Answer {
  const file = getAttachment(readIssue(call), call.params['*'] ?? '')
  return { status: 302, headers: { location: offerOneTimeFile(call.sim, file) } }
}

function remove(call: Call): Answer {
  const on = actOnIssue(call)
  deleteAttachment(on, getAttachment(on, call.params['*'] ?? ''))
  return { status: 204 }
}

export const issueAttachmentEndpoints: Endpoint[] = [
  trackerEndpoint('GET', `${issueBase}/attachments`, needs.readIssue, list),
  trackerEndpoint('POST', `${issueBase}/attachments`, needs.changeAttachment, upload),
  trackerEndpoint('GET', `${issueBase}/attachments/*`, needs.readIssue, download),
  trackerEndpoint('DELETE', `${issueBase}/attachments/*`, needs.changeAttachment, remove),
]
