import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const attachment = z.object({
  id,
  name: z.string(),
  media_type: z.string(),
  /** Null where the tracker it stands in does not say. */
  bytes: z.number().int().nullable(),
  /** Whether a browser may draw it in a page; everything else is downloaded. */
  is_image: z.boolean(),
  /** In Weir; otherwise it is fetched from its tracker when it is opened. */
  is_kept: z.boolean(),
  /** Where it stands in each tracker; `linked`: the comment there leads to Weir instead, for the reason given. */
  links: z.array(
    z.object({
      tracker: z.string(),
      direction: z.enum(['in', 'out']),
      state: z.enum(['sent', 'linked', 'removed']),
      reason: z.string().nullable(),
      url: z.string().nullable(),
    }),
  ),
  created_at: timestamp,
  /** Who or what removed it, and when; nothing of it can be opened then. */
  removed_by: z.string().nullable(),
  removed_at: timestamp.nullable(),
})

export type Attachment = z.infer<typeof attachment>

export const getAttachmentRules = defineRoute({
  id: 'getAttachmentRules',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/attachment-rules',
  summary: 'What may be attached to a message of a thread, and which of its trackers get a link in place of the file',
  tag: 'Attachments',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({
    files: z.number().int(),
    bytes_each: z.number().int(),
    bytes_together: z.number().int(),
    /** By content, whatever a name says. */
    types: z.array(z.string()),
    /** Titles of the trackers it was sent to that take no files. */
    linked_in: z.array(z.string()),
  }),
})

/** The body is the file itself, streamed. */
export const addAttachment = defineRoute({
  id: 'addAttachment',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/attachments',
  summary: 'Bring a file for a message that is being written; unsent, it goes after a day (application/octet-stream)',
  tag: 'Attachments',
  access: 'message.write',
  status: 201,
  params: idParams,
  query: z.strictObject({ name: z.string().trim().min(1).max(500) }),
  response: attachment,
})

export const getAttachment = defineRoute({
  id: 'getAttachment',
  method: 'GET',
  path: '/api/v1/attachments/:id',
  summary: 'The bytes of an attachment: an image as what it is, everything else as a download',
  tag: 'Attachments',
  access: 'read',
  status: 200,
  params: idParams,
})

export const removeAttachment = defineRoute({
  id: 'removeAttachment',
  method: 'DELETE',
  path: '/api/v1/attachments/:id',
  summary: 'Take an own file away before its message is sent; a sent one goes with its message',
  tag: 'Attachments',
  access: 'message.write',
  status: 204,
  params: idParams,
})
