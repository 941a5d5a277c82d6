import { type Fetched, fetchMirror } from '../../../git/fetch-mirror.ts'
import { findGit } from '../../../git/find-git.ts'
import { toGitLogin } from '../../../git/git-login.ts'
import { gitMissing } from '../../../git/git-process.ts'
import { emptyMirror, lockMirror, type MirrorFolder, mirrorFolder } from '../../../git/mirror-folder.ts'
import { pinAddress } from '../../../git/pin-address.ts'
import { readGraph } from '../../../git/read-graph.ts'
import { createAddressGuard } from '../../../lib/address-guard.ts'
import { AppError, isAppError } from '../../../lib/app-error.ts'
import { type CommitFeed, type FeedKey, findCommitFeed } from '../../../store/delivery/commit-feeds.ts'
import { updateFeed } from '../../../store/delivery/feeds.ts'
import { findKnownHeads, recordFetch } from '../../../store/delivery/git-mirrors.ts'
import { listUnreadPullRequests } from '../../../store/delivery/pull-request-commits.ts'
import { wakePlaces } from '../../../store/delivery/remediation/removed-places.ts'
import { type ConnectionKey, findConnection } from '../../../store/remotes/connections.ts'
import type { GitAccess } from '../../remotes/open-connection.ts'
import type { CommitDeps } from './commit-deps.ts'
import { type MirrorRead, recordNewCommits } from './record-new-commits.ts'
import { recordOrigins } from './record-origins.ts'
import { recordRanges } from './record-ranges.ts'
import { recordTags } from './record-tags.ts'

/** A read that is under way is not begun again; its job ends sooner. */
const leaseMs = 65 * 60_000
const againMs = 15 * 60_000
/** Pull requests come in meanwhile. */
const soonMs = 60_000
const offMs = 3600_000
const latestRetryMs = 6 * 3600_000

export type CommitsRead = { kind: 'read'; commits: number; pullRequests: number } | { kind: 'busy' | 'off' | 'failed' }

/**
 * Brings a repository's mirror up to date and writes down what is new in it: commits, and of each pull request its own
 * commits and its size. What fails is on the feed, in a sentence; nothing is thrown for what was foreseen.
 */
export async function readCommits(deps: CommitDeps, key: FeedKey): Promise<CommitsRead> {
  const feed = await findCommitFeed(deps.db, key)
  if (feed === undefined) return { kind: 'off' }
  const missing = await findMissingGit()
  if (missing !== undefined) return turnOff(deps, key, { feed, error: missing })
  const folder = mirrorFolder(deps.git.folder, { ...key, repositoryId: feed.repositoryId })
  try {
    const access = await deps.git.open({ organizationId: key.organizationId, connectionId: feed.connection_id })
    return await readAlone(deps, key, { feed, folder, access })
  } catch (error) {
    // The queue hands it to the next process.
    if (!isAppError(error) || deps.git.signal?.aborted === true) throw error
    return fail(deps, key, { feed, error })
  }
}

async function readAlone(deps: CommitDeps, key: FeedKey, work: Work): Promise<CommitsRead> {
  const lock = await lockMirror(work.folder)
  if (lock === undefined) return { kind: 'busy' }
  try {
    return await readLocked(deps, key, work)
  } catch (error) {
    if (isAppError(error) && error.meta?.['git'] === 'damaged') await emptyMirror(work.folder)
    throw error
  } finally {
    lock.release()
  }
}

async function findMissingGit(): Promise<string | undefined> {
  const git = await findGit()
  if (git.kind === 'found') return undefined
  return git.kind === 'missing' ? gitMissing : `${gitMissing} The one here is ${git.version}.`
}

type Work = { feed: CommitFeed; folder: MirrorFolder; access: GitAccess }

async function readLocked(deps: CommitDeps, key: FeedKey, { feed, folder, access }: Work): Promise<CommitsRead> {
  const startedAt = deps.clock()
  await updateFeed(
    deps.db,
    { ...key, now: startedAt },
    {
      state: 'reading',
      wakes_seen: feed.wakes,
      pass_started_at: startedAt,
      next_attempt_at: after(startedAt, leaseMs),
    },
  )
  const place = { organizationId: key.organizationId, repositoryId: feed.repositoryId }
  const fetched = await fetchOnce(deps, { feed, folder, access })
  await recordFetch(deps.db, { ...place, ...fetched, now: deps.clock() })
  const { commits, pullRequests } = await recordNews(deps, { ...place, ...fetched, feedId: key.feedId, folder })
  await recordTags(deps, { ...place, folder })
  const now = deps.clock()
  await updateFeed(
    deps.db,
    { ...key, now },
    {
      state: 'fresh',
      pass: 'increment',
      error: null,
      missing_scope: null,
      attempts: 0,
      watermark: startedAt,
      completed_at: now,
      next_attempt_at: after(now, feed.arePullRequestsKnown ? againMs : soonMs),
    },
  )
  await recordOrigins(deps, { ...place, folder, isPartial: fetched.isPartial })
  return { kind: 'read', commits, pullRequests }
}

/** The history of a large repository is not loaded to find that nothing happened. */
async function recordNews(deps: CommitDeps, fetched: Omit<MirrorRead, 'graph' | 'before' | 'isNews'>) {
  const before = await findKnownHeads(deps.db, fetched)
  const isNews = before.length !== fetched.heads.length || !new Set(before).isSupersetOf(new Set(fetched.heads))
  const [unread] = await listUnreadPullRequests(deps.db, { ...fetched, after: null, retrySince: null, limit: 1 })
  if (!isNews && unread === undefined) return { commits: 0, pullRequests: 0 }
  const read = { ...fetched, graph: await readGraph(fetched.folder), before, isNews }
  const commits = isNews ? await recordNewCommits(deps, read) : 0
  if (isNews) await wakePlaces(deps.db, { ...fetched, now: deps.clock() })
  return { commits, pullRequests: await recordRanges(deps, read) }
}

/** A login that ended between two looks is renewed once. */
async function fetchOnce({ git }: CommitDeps, { feed, folder, access }: Work): Promise<Fetched> {
  const path = [feed.workspaceSlug, `${feed.slug}.git`].map(encodeURIComponent).join('/')
  const url = new URL(`${access.connection.web_url}/${path}`)
  const guard = createAddressGuard(git.allowedPrivateAddresses)
  const fetch = async (credential: GitAccess['credential']) =>
    fetchMirror({
      folder,
      url,
      secret: toGitLogin(credential),
      pinned: await pinAddress(guard, url),
      limits: git.limits,
      signal: git.signal,
    })
  try {
    return await fetch(access.credential)
  } catch (error) {
    const renewed = isAppError(error, 'remote_unauthorized') ? await access.renew() : undefined
    if (renewed === undefined) throw error
    return fetch(renewed)
  }
}

async function turnOff(
  deps: CommitDeps,
  key: FeedKey,
  { feed, error }: { feed: CommitFeed; error: string },
): Promise<CommitsRead> {
  const now = deps.clock()
  await updateFeed(
    deps.db,
    { ...key, now },
    { state: 'off', wakes_seen: feed.wakes, error, next_attempt_at: after(now, offMs) },
  )
  return { kind: 'off' }
}

async function fail(
  deps: CommitDeps,
  key: FeedKey,
  { feed, error }: { feed: CommitFeed; error: AppError },
): Promise<CommitsRead> {
  const now = deps.clock()
  const attempts = feed.attempts + 1
  const isForbidden = error.code === 'remote_forbidden'
  const waitMs = isForbidden ? latestRetryMs : Math.min(latestRetryMs, soonMs * 2 ** Math.min(attempts, 12))
  deps.log.warn({ ...key, code: error.code, err: error.cause }, 'commits could not be read')
  await updateFeed(
    deps.db,
    { ...key, now },
    {
      state: isForbidden ? 'forbidden' : 'failed',
      wakes_seen: feed.wakes,
      error: error.detail,
      missing_scope: isForbidden ? 'read:repository:bitbucket' : null,
      refused_version: isForbidden ? await findVersion(deps, { ...key, connectionId: feed.connection_id }) : null,
      attempts,
      next_attempt_at: after(now, waitMs),
    },
  )
  return { kind: 'failed' }
}

async function findVersion({ db }: CommitDeps, key: ConnectionKey): Promise<number | null> {
  return (await findConnection(db, key))?.credential_version ?? null
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms)
}
