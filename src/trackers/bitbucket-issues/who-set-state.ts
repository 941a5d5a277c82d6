import * as z from 'zod'
import { remoteAccount, toAccount } from '../bitbucket-comment.ts'
import type { ItemRef, StateAuthor } from '../tracker.ts'
import { type IssuePlace, issuePath } from './issue-place.ts'

const change = z.object({
  user: remoteAccount,
  changes: z.object({ state: z.object({ new: z.string().nullish() }).nullish() }).nullish(),
})

/** By the changes of the issue, oldest first: the last one that names a state. */
export async function whoSetIssueState(place: IssuePlace, item: ItemRef): Promise<StateAuthor | null> {
  const call = { what: 'read the changes of an issue', lane: place.lane, schema: change, query: { pagelen: 100 } }
  let author: StateAuthor | null = null
  for await (const page of place.client.pages(`${issuePath(place, item)}/changes`, call))
    for (const { user, changes } of page.values) {
      const state = changes?.state?.new
      if (state !== undefined && state !== null) author = { account: toAccount(user), state }
    }
  return author
}
