import * as z from 'zod'
import { botFields } from '../../src/domain/people/bot-pattern.ts'
import { contributorKinds } from '../../src/domain/remote-kind.ts'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const shape = { field: z.enum(botFields), pattern: z.string().trim().min(1).max(100) }

/** What accounts of programs are called: `*` is anything. `matches`: accounts it fits. */
export const botPattern = z.object({
  id,
  ...shape,
  created_by: z.string(),
  created_at: timestamp,
  matches: z.number().int(),
})
export type BotPattern = z.infer<typeof botPattern>

export const listBotPatterns = defineRoute({
  id: 'listBotPatterns',
  method: 'GET',
  path: '/api/v1/bot-patterns',
  summary: 'Patterns by which accounts are taken for programs',
  tag: 'People',
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(botPattern) }),
})

export const createBotPattern = defineRoute({
  id: 'createBotPattern',
  method: 'POST',
  path: '/api/v1/bot-patterns',
  summary: 'Take accounts that are called like this for programs; what a person said of one stands',
  tag: 'People',
  access: 'member.write',
  status: 201,
  body: z.strictObject(shape),
  response: botPattern,
})

export const deleteBotPattern = defineRoute({
  id: 'deleteBotPattern',
  method: 'DELETE',
  path: '/api/v1/bot-patterns/:id',
  summary: 'Remove a pattern; what it alone took for programs are people again',
  tag: 'People',
  access: 'member.write',
  status: 204,
  params: idParams,
})

/** `stands`: why a pattern changes nothing for an account: a person said so, or it is a member's. */
export const botPatternTrial = z.object({
  total: z.number().int(),
  newly: z.number().int(),
  items: z.array(
    z.object({
      id,
      kind: z.enum(contributorKinds),
      name: z.string(),
      nickname: z.string().nullable(),
      is_bot: z.boolean(),
      stands: z.enum(['person', 'member']).nullable(),
    }),
  ),
})
export type BotPatternTrial = z.infer<typeof botPatternTrial>

export const tryBotPattern = defineRoute({
  id: 'tryBotPattern',
  method: 'POST',
  path: '/api/v1/bot-patterns/try',
  summary: 'Which accounts a pattern fits, without setting it; fifty are shown',
  tag: 'People',
  access: 'member.write',
  status: 200,
  body: z.strictObject(shape),
  response: botPatternTrial,
})
