import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { BitbucketClient } from '../client.ts'

const user = z
  .object({ uuid: z.string(), display_name: z.string().optional(), nickname: z.string().optional() })
  .transform((value) => ({ uuid: value.uuid, name: value.display_name ?? value.nickname ?? value.uuid }))

export type RemoteAccount = z.output<typeof user>

/** The account the credential speaks for; repository and project access tokens may not ask. */
export function readOwnAccount(client: BitbucketClient, lane: RequestLane): Promise<RemoteAccount> {
  return client.get('/user', { what: 'read who the credential belongs to', lane, schema: user })
}
