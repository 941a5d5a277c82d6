import type { BitbucketEvent } from '../../../bitbucket/event.ts'
import { type FeedKind, repositoryFeedKinds } from '../../../domain/delivery/feed-kinds.ts'
import type { Db } from '../../../store/db.ts'
import { wakeFeeds } from '../../../store/delivery/feeds.ts'
import { markCommentDeleted } from '../../../store/delivery/pull-request-events.ts'
import type { RepositoryRow } from '../../../store/remotes/repositories.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'

type Heard = { organizationId: string; repository: RepositoryRow; event: BitbucketEvent }
/** `heard`: what was woken before for events that came as early. */
type Hearing = Heard & { heard: Set<string> }

/** A webhook is a hint where to look: what it touches is read at once. A repository that is not read yet is not begun by it. */
export async function hearEvent(deps: WriteDeps, { heard, ...given }: Hearing): Promise<void> {
  const { organizationId, repository, event } = given
  const kinds = kindsOf(event)
  if (kinds.length === 0) return
  await noteDeletion(deps.db, given)
  const name = `${repository.id} ${kinds.join()}`
  if (heard.has(name)) return
  const key = { organizationId, connectionId: repository.connection_id }
  // A job that is lost is found by the sweep: the feeds themselves are due.
  const woken = await wakeFeeds(deps.db, { ...key, repositoryId: repository.id, kinds, now: deps.clock() })
  if (woken > 0) await deps.db.transaction().execute(async (tx) => deps.enqueue(tx, [{ name: 'read-feed', data: key }]))
  heard.add(name)
}

const pullRequestKinds: readonly FeedKind[] = ['pull_requests', 'activity']

function kindsOf(event: BitbucketEvent): readonly FeedKind[] {
  switch (event.kind) {
    case 'comment':
      return event.item.kind === 'pull_request' ? pullRequestKinds : []
    case 'pull_request':
      return event.change === 'merged' ? repositoryFeedKinds : pullRequestKinds
    // No hook of ours asks for pushes; those to a pull request are heard as its own.
    case 'push':
    case 'issue':
    case 'repository':
      return []
    default:
      return event satisfies never
  }
}

/** The history shows a deleted comment where it was written, far behind where a look at what is new ends. */
async function noteDeletion(db: Db, { organizationId, repository, event }: Heard): Promise<void> {
  if (event.kind !== 'comment' || event.change !== 'deleted' || event.item.kind !== 'pull_request') return
  const place = { organizationId, repositoryId: repository.id, pullRequest: event.item.id }
  await markCommentDeleted(db, { ...place, commentId: event.commentId })
}
