import { type Answer, api3, type Call, callerOf, type Endpoint, viewerOf } from '../call.ts'
import { badRequest } from '../jira-error.ts'
import { offerMedia } from '../media-files.ts'
import { addAttachments, deleteAttachment, getAttachment } from '../operations/attachments.ts'
import { renderAttachment } from '../render/attachment.ts'
import { actingOn, placeOf } from './place.ts'

function add(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  if (call.form === undefined) throw badRequest('Expected multipart/form-data.')
  const files = call.form.flatMap(({ name, filename, contentType, bytes }) =>
    name !== 'file' || filename === null
      ? []
      : [{ filename: baseName(filename), mimeType: contentType ?? 'application/octet-stream', bytes }],
  )
  const made = addAttachments(call.sim, actor, { issue, files })
  return { status: 200, body: made.map((one) => renderAttachment(placeOf(call), one)) }
}

function baseName(filename: string): string {
  return filename.split(/[\\/]/).at(-1) ?? ''
}

function found(call: Call) {
  return getAttachment(call.sim, viewerOf(call), call.params['attachment'] ?? '').attachment
}

function show(call: Call): Answer {
  const attachment = found(call)
  return { body: { ...renderAttachment(placeOf(call), attachment), id: Number(attachment.id) }, objects: 1 }
}

/** Elsewhere, at an address that works for a while; here, for who says that they do not follow. */
function content(call: Call): Answer {
  const attachment = found(call)
  if (call.query.get('redirect') !== 'false')
    return { status: 303, headers: { location: offerMedia(call.sim, attachment) }, objects: 1 }
  return { status: 200, file: { contentType: attachment.mimeType, bytes: attachment.bytes }, objects: 1 }
}

function remove(call: Call): Answer {
  deleteAttachment(call.sim, callerOf(call), call.params['attachment'] ?? '')
  return { status: 204 }
}

function meta(call: Call): Answer {
  return { body: { enabled: true, uploadLimit: call.sim.switches.attachmentLimit } }
}

const one = api3('/attachment/:attachment')

export const attachmentEndpoints: Endpoint[] = [
  {
    method: 'POST',
    path: api3('/issue/:issue/attachments'),
    scope: 'write:jira-work',
    takesForm: true,
    handle: add,
  },
  { method: 'GET', path: api3('/attachment/meta'), scope: 'read:jira-work', handle: meta },
  { method: 'GET', path: one, scope: 'read:jira-work', isOpen: true, handle: show },
  {
    method: 'GET',
    path: api3('/attachment/content/:attachment'),
    scope: 'read:jira-work',
    isOpen: true,
    handle: content,
  },
  { method: 'DELETE', path: one, scope: 'write:jira-work', handle: remove },
]
