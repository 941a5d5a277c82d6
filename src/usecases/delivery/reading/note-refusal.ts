import * as z from 'zod'
import { backOffS } from '../../../domain/back-off.ts'
import { choosePass } from '../../../domain/delivery/feed-pass.ts'
import { isAppError } from '../../../lib/app-error.ts'
import { findFeedWatermark, type ReadableFeed, updateFeed } from '../../../store/delivery/feeds.ts'
import { findConnection } from '../../../store/remotes/connections.ts'
import { findNextOwn } from './own-activity.ts'
import { standingOf } from './read-feed.ts'
import type { ReadingDeps } from './reading-deps.ts'

const scopes = z.object({ missing: z.array(z.string()), required: z.array(z.string()) }).partial()

/** A refusal may end without our credential changing, as when an account is given access. */
const refusedForMs = 6 * 3_600_000

const placeTriedAtMost = 3

/**
 * Writes what stops a feed, where the others can go on; answers false for what stops them all, such as a spent budget.
 * A repository that keeps its whole activity from us is asked for each pull request's own.
 */
export async function noteRefusal(
  deps: ReadingDeps,
  { feed, error }: { feed: ReadableFeed; error: unknown },
): Promise<boolean> {
  if (!isAppError(error)) {
    deps.log.error({ err: error, feed_id: feed.id }, 'a feed could not be read')
    await putOff(deps, feed, 'Something went wrong inside Weir; the log has the details.')
    return true
  }
  switch (error.code) {
    case 'scope_missing': {
      const { missing = [], required = [] } = scopes.parse(error.meta ?? {})
      await forbid(deps, feed, {
        scope: (missing.length > 0 ? missing : required).join(' ') || null,
        error: error.detail,
      })
      return true
    }
    case 'remote_forbidden':
    case 'remote_not_found':
    case 'remote_gone':
      if (feed.kind === 'activity' && feed.cursor === null) await askEachPullRequest(deps, feed, error.detail)
      else await forbid(deps, feed, { scope: null, error: error.detail })
      return true
    case 'remote_refused':
    case 'remote_invalid_answer':
      await putOff(deps, feed, error.detail)
      return true
    case 'remote_unavailable':
      // An answer of theirs that is a failure is this listing's; no answer at all is everybody's.
      if (error.meta?.['remote_status'] === undefined) return false
      await putOff(deps, feed, error.detail)
      return true
    default:
      return false
  }
}

function keyOf(feed: ReadableFeed) {
  return { organizationId: feed.organization_id, feedId: feed.id }
}

async function forbid(
  deps: ReadingDeps,
  feed: ReadableFeed,
  { scope, error }: { scope: string | null; error: string },
): Promise<void> {
  const now = deps.clock()
  const { organization_id: organizationId, connection_id: connectionId } = feed
  const connection = await findConnection(deps.db, { organizationId, connectionId })
  await updateFeed(
    deps.db,
    { ...keyOf(feed), now },
    {
      state: 'forbidden',
      missing_scope: scope,
      error,
      refused_version: connection?.credential_version ?? null,
      wakes_seen: feed.wakes,
      next_attempt_at: new Date(now.getTime() + refusedForMs),
    },
  )
}

async function putOff(deps: ReadingDeps, feed: ReadableFeed, error: string): Promise<void> {
  const now = deps.clock()
  const attempts = feed.attempts + 1
  const next_attempt_at = new Date(now.getTime() + backOffS(attempts) * 1000)
  const change = { state: 'failed', error, attempts, wakes_seen: feed.wakes, next_attempt_at } as const
  // A place to go on at that is refused again and again is no place any more: the pass begins anew.
  const begin = attempts >= placeTriedAtMost ? { cursor: null } : {}
  await updateFeed(deps.db, { ...keyOf(feed), now }, { ...change, ...begin })
}

/** Costs a request for each pull request, which the feed says. */
async function askEachPullRequest(deps: ReadingDeps, feed: ReadableFeed, error: string): Promise<void> {
  const now = deps.clock()
  const pass = choosePass(standingOf(feed), now)
  const begun = { ...feed, cursor: null, is_by_pull_request: true }
  const cursor = await findNextOwn(deps.db, { feed: begun, pass })
  if (cursor === undefined) return forbid(deps, feed, { scope: null, error })
  deps.log.warn(
    { feed_id: feed.id, repository_id: feed.repository_id },
    'the activity of the whole repository is refused; each pull request is asked for its own',
  )
  const { organization_id: organizationId, connection_id: connectionId, repository_id: repositoryId } = feed
  const key = { organizationId, connectionId, repositoryId, kind: 'pull_requests' as const }
  await updateFeed(
    deps.db,
    { ...keyOf(feed), now },
    {
      state: 'reading',
      pass,
      cursor,
      is_by_pull_request: true,
      pages_read: 0,
      pages_expected: null,
      pass_started_at: now,
      next_watermark: await findFeedWatermark(deps.db, key),
      wakes_seen: feed.wakes,
      error,
    },
  )
}
