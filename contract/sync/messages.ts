import * as z from 'zod'
import { remoteKinds } from '../../src/domain/remote-kind.ts'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { attachment } from './attachments.ts'

/** Up to 30,000 characters; longer ones do not fit into one Bitbucket comment. */
const longMessage = z.string().trim().max(30_000)
const messageBody = longMessage.min(1)

/** Whom an `@name` in the text means: a member, or an account seen at a remote. Who is not in the text is left out. */
const chosenMentions = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(120),
      member_id: id.optional(),
      contributor_id: id.optional(),
    }),
  )
  .max(100)
  .optional()

export const message = z.object({
  id,
  parent_id: id.nullable(),
  author: z.object({
    kind: z.enum(['member', 'remote', 'system']),
    /** Of the member whose account it is, else as the remote calls it now. */
    name: z.string(),
    is_me: z.boolean(),
    /** Where somebody wrote who did not write here; null where it is not known any more. */
    via: z.enum(remoteKinds).nullable(),
    is_bot: z.boolean(),
    /** Nobody has the account any more. */
    is_closed: z.boolean(),
  }),
  /** Markdown; empty when deleted. */
  body: z.string(),
  /** Whom an `@name` in the text means. */
  mentions: z.array(
    z.object({ name: z.string(), member_id: id.nullable(), contributor_id: id.nullable(), is_me: z.boolean() }),
  ),
  internal: z.boolean(),
  /** Where it stands in each tracker. */
  links: z.array(
    z.object({
      tracker: z.string(),
      direction: z.enum(['in', 'out']),
      state: z.enum(['queued', 'sent', 'failed', 'removed']),
      error: z.string().nullable(),
      operation_id: id.nullable(),
      url: z.string().nullable(),
    }),
  ),
  attachments: z.array(attachment),
  unread: z.boolean(),
  version: z.number().int(),
  can_edit: z.boolean(),
  created_at: timestamp,
  edited_at: timestamp.nullable(),
  deleted_at: timestamp.nullable(),
})

export type Message = z.infer<typeof message>

export const listMessages = defineRoute({
  id: 'listMessages',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/messages',
  summary: 'Thread of a vulnerability, oldest first',
  tag: 'Messages',
  access: 'read',
  status: 200,
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(message),
})

export const createMessage = defineRoute({
  id: 'createMessage',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/messages',
  summary: 'Write into the thread; unless internal it becomes a comment in the tracker',
  tag: 'Messages',
  access: 'message.write',
  status: 201,
  params: idParams,
  body: z
    .strictObject({
      /** May be empty where there are attachments. */
      body: longMessage,
      parent_id: id.optional(),
      internal: z.boolean().optional(),
      mentions: chosenMentions,
      /** Files brought before. */
      attachment_ids: z.array(id).max(100).optional(),
    })
    .refine(({ body, attachment_ids: files = [] }) => body !== '' || files.length > 0, {
      path: ['body'],
      error: 'Write something, or attach a file.',
    }),
  response: message,
})

export const updateMessage = defineRoute({
  id: 'updateMessage',
  method: 'PATCH',
  path: '/api/v1/messages/:id',
  summary: 'Edit an own message; the former text stays in its history',
  tag: 'Messages',
  access: 'message.write',
  status: 200,
  params: idParams,
  /** Without `mentions` those stay who are still in the text. */
  body: z.strictObject({ body: messageBody, version: z.number().int(), mentions: chosenMentions }),
  response: message,
})

export const deleteMessage = defineRoute({
  id: 'deleteMessage',
  method: 'DELETE',
  path: '/api/v1/messages/:id',
  summary: 'Delete an own message, here and in the tracker; a tombstone stays',
  tag: 'Messages',
  access: 'message.write',
  status: 204,
  params: idParams,
})

export const markThreadRead = defineRoute({
  id: 'markThreadRead',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/read',
  summary: 'Mark everything of a vulnerability as read for the asking member',
  tag: 'Messages',
  access: 'session',
  status: 204,
  params: idParams,
})
