import * as z from 'zod'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** 1 to 30,000 characters; longer ones do not fit into one Bitbucket comment. */
const messageBody = z.string().trim().min(1).max(30_000)

export const message = z.object({
  id,
  parent_id: id.nullable(),
  author: z.object({ kind: z.enum(['member', 'remote', 'system']), name: z.string(), is_me: z.boolean() }),
  /** Markdown; empty when deleted. */
  body: z.string(),
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
  body: z.strictObject({ body: messageBody, parent_id: id.optional(), internal: z.boolean().optional() }),
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
  body: z.strictObject({ body: messageBody, version: z.number().int() }),
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
