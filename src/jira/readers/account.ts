import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { JiraClient } from '../client.ts'

const account = z
  .object({ accountId: z.string().min(1), displayName: z.string().optional() })
  .transform((value) => ({ uuid: value.accountId, name: value.displayName ?? value.accountId }))

/** Somebody by account id, and the name shown for them. */
export type JiraAccount = z.output<typeof account>

/** The account the credential speaks for. */
export function readOwnAccount(client: JiraClient, lane: RequestLane): Promise<JiraAccount> {
  return client.get('/rest/api/3/myself', { what: 'read who the credential belongs to', lane, schema: account })
}
