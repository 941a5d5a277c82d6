import * as z from 'zod'
import { remoteAccount, toAccount } from '../bitbucket-comment.ts'
import type { StateAuthor } from '../tracker.ts'
import { type DiscussionPlace, subjectPath } from './discussion-place.ts'
import type { Remote } from './schema.ts'

const resolved = z.object({ resolution: z.object({ user: remoteAccount }).nullish() })

/** Who resolved the thread; nobody is named for one that is open, or for a comment on a commit. */
export async function whoSetDiscussionState(place: DiscussionPlace, at: Remote): Promise<StateAuthor | null> {
  if (at.kind === 'commit') return null
  const call = { what: 'read a comment', lane: place.lane, schema: resolved }
  const { resolution } = await place.client.get(`${subjectPath(place, at)}/comments/${at.comment}`, call)
  return resolution === undefined || resolution === null
    ? null
    : { account: toAccount(resolution.user), state: 'resolved' }
}
