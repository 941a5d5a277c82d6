import * as z from 'zod'
import { sendLanes } from '../../src/domain/send-forecast.ts'
import { idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** What waits to be sent over a connection, and when it will have been. */
export const sendQueue = z.object({
  /** In the order they go: what people wrote, changes of status, everything else. */
  lanes: z.array(z.object({ lane: z.enum(sendLanes), waiting: z.number().int(), requests: z.number().int() })),
  requests_per_hour: z.number().int(),
  /** Of the rolling hour, for what people write; background work may use a share of them. */
  requests_left: z.number().int(),
  /** When the last will have been sent if nothing is added; null where nobody can say. */
  done_at: timestamp.nullable(),
})

export type SendQueue = z.infer<typeof sendQueue>

export const getSendQueue = defineRoute({
  id: 'getSendQueue',
  method: 'GET',
  path: '/api/v1/connections/:id/queue',
  summary: 'What waits to be sent, by lane, how many requests of the hour are left, and when it will be done',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: sendQueue,
})
