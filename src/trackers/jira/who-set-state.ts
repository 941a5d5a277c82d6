import * as z from 'zod'
import type { ItemRef, StateAuthor } from '../tracker.ts'
import { toAccount } from './jira-comments.ts'
import { issuePath, type JiraPlace } from './jira-place.ts'
import { remoteAccount } from './schema.ts'

/** A change names its field, and its new value by the key `toString`. */
const change = z.record(z.string(), z.unknown())
const history = z.object({ author: remoteAccount.nullish(), items: z.array(change) })
const withChangelog = z.object({ changelog: z.object({ histories: z.array(history) }) })

/** By the history of the issue, newest first as Jira expands it: the first entry that changed its status. */
export async function whoSetIssueStatus(place: JiraPlace, item: ItemRef): Promise<StateAuthor | null> {
  const query = { fields: 'status', expand: 'changelog' }
  const call = { what: 'read the history of an issue', lane: place.lane, schema: withChangelog, query }
  const { changelog } = await place.client.get(issuePath(item), call)
  for (const { author, items } of changelog.histories) {
    const state = items.find((item) => item['field'] === 'status')?.['toString']
    if (typeof state === 'string') return { account: toAccount(author), state }
  }
  return null
}
