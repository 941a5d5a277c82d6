import { requestOwnActivity } from '../../../bitbucket/readers/activity.ts'
import type { FeedRequest } from '../../../bitbucket/readers/feed-request.ts'
import type { Db } from '../../../store/db.ts'
import type { FeedRow, ReadableFeed } from '../../../store/delivery/feeds.ts'
import { findPullRequestBelow } from '../../../store/delivery/pull-requests.ts'
import { feedRepositoryPath } from './feed-request-of.ts'

/** Stands in the cursor where the next pull request begins; elsewhere it is the remote's own link. */
const beginning = /^pull_request:(\d+)$/
const within = /\/pullrequests\/(\d+)\/activity/

/** The request a pull request's own activity begins with, where the pass stands at the beginning of one. */
export function ownActivityRequest(feed: ReadableFeed): FeedRequest | undefined {
  const number = beginning.exec(feed.cursor ?? '')?.[1]
  return number === undefined ? undefined : requestOwnActivity(feedRepositoryPath(feed), Number(number))
}

/** Where a pass over each pull request's own activity begins, or goes on behind the one it stands at. */
export async function findNextOwn(
  tx: Db,
  { feed, pass }: { feed: ReadableFeed; pass: FeedRow['pass'] },
): Promise<string | undefined> {
  const { organization_id: organizationId, repository_id: repositoryId, cursor, watermark } = feed
  if (repositoryId === null) return undefined
  const at = beginning.exec(cursor ?? '')?.[1] ?? within.exec(cursor ?? '')?.[1]
  const below = at === undefined ? null : Number(at)
  const changedSince = pass === 'full' ? null : watermark
  const number = await findPullRequestBelow(tx, { organizationId, repositoryId, below, changedSince })
  return number === undefined ? undefined : `pull_request:${number}`
}
