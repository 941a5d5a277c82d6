import * as z from 'zod'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { vulnerabilityEvent } from '../security/vulnerabilities.ts'
import { message } from './messages.ts'

/** A scan that had something to say of the vulnerability: found again, or no longer. */
export const conversationScan = z.object({
  import_id: id,
  /** The scanner, else the file of the report. */
  name: z.string(),
  branch: z.string(),
  commit_hash: z.string().nullable(),
  outcome: z.enum(['kept', 'reopened', 'closed']),
  /** How it was known again. */
  step: z.string(),
  /** Where it was found, and where before when it moved. */
  place: z.string().nullable(),
})

const at = { id, at: timestamp }

/** What was said, and what happened in between. */
export const conversationItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), ...at, message }),
  z.object({ kind: z.literal('event'), ...at, event: vulnerabilityEvent }),
  z.object({ kind: z.literal('scan'), ...at, scan: conversationScan }),
])

export type ConversationItem = z.infer<typeof conversationItem>

export const listConversation = defineRoute({
  id: 'listConversation',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/conversation',
  summary: 'Messages with what happened between them (status, scans, sending, deadlines), newest first',
  tag: 'Messages',
  access: 'read',
  status: 200,
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(conversationItem),
})
