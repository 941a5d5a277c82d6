import * as z from 'zod'
import type { BitbucketClient } from '../../../bitbucket/client.ts'
import type { Page } from '../../../bitbucket/page.ts'
import { recordsPerPage } from '../../../domain/delivery/feed-kinds.ts'
import { choosePass, endsPass, type FeedPass, nextLookMs } from '../../../domain/delivery/feed-pass.ts'
import type { Db } from '../../../store/db.ts'
import { type FeedRow, lockFeed, type ReadableFeed, updateFeed } from '../../../store/delivery/feeds.ts'
import { hasHealthyWebhook } from '../../../store/delivery/heard-repositories.ts'
import { wantTasks } from '../../../store/delivery/pull-request-tasks.ts'
import { estimateActivity } from '../../../store/delivery/pull-requests.ts'
import { firstRequestOf } from './feed-request-of.ts'
import { findUnfinishedSince } from './find-unfinished-since.ts'
import { findNextOwn, ownActivityRequest } from './own-activity.ts'
import type { ReadingDeps } from './reading-deps.ts'
import { keepPage, type PageOf, type Taken, takeRecords } from './take-page.ts'

type Read = { client: BitbucketClient; feed: ReadableFeed }

/** What the remote changed in the last few minutes may still be on its way by webhook: it is not missing. */
const onItsWayMs = 5 * 60_000
/** What is told a moment late is met again. */
const overlapMs = 60_000

/**
 * Reads one page of a feed where its pass stands and writes what it tells, what it said and where the pass goes on in one
 * transaction: whatever dies repeats one page, and repeating changes nothing. Answers the feed as it stands then, or
 * undefined where another process was faster. Throws as the client does.
 */
export async function readFeedPage(deps: ReadingDeps, { client, feed }: Read): Promise<ReadableFeed | undefined> {
  const page = await askForPage(client, feed)
  const row = await deps.db.transaction().execute((tx) => writePage(deps, tx, { feed, page }))
  return row === undefined ? undefined : { ...feed, ...row, kind: feed.kind }
}

async function askForPage(client: BitbucketClient, feed: ReadableFeed): Promise<Page<unknown>> {
  const own = ownActivityRequest(feed)
  const { what, path, query } = own ?? firstRequestOf(feed)
  const call = { what, lane: 'collect', schema: z.unknown() } as const
  return feed.cursor === null || own !== undefined
    ? client.page(path, { ...call, query })
    : client.page(feed.cursor, call)
}

type Writing = { feed: ReadableFeed; page: Page<unknown> }

async function writePage(deps: ReadingDeps, tx: Db, { feed, page }: Writing): Promise<FeedRow | undefined> {
  const now = deps.clock()
  const key = { organizationId: feed.organization_id, feedId: feed.id }
  const held = await lockFeed(tx, key)
  if (held === undefined || held.cursor !== feed.cursor || held.pages_read !== feed.pages_read) return undefined
  const isFirst = held.cursor === null
  const pass = isFirst ? choosePass(standingOf(feed), now) : held.pass
  const pageOf: PageOf = {
    ...key,
    kind: feed.kind,
    repositoryId: held.repository_id,
    values: page.values,
    at: now,
    force: false,
  }
  const taken = await takeRecords(tx, deps.newId, pageOf)
  // A first read tells of years: their tasks would take a request for each.
  if (feed.kind === 'pull_requests' && pass !== 'full' && taken.news.length > 0)
    await wantTasks(tx, { organizationId: feed.organization_id, repositoryId: held.repository_id ?? '', now })
  const bad = await keepPage(tx, deps.newId, { page: pageOf, taken, isWhole: pass === 'full' })
  const isHeard = await isHeardRepository(tx, held)
  // Whoever wants it while it is being read is not heard by this page.
  const step = {
    feed: { ...feed, ...held, kind: feed.kind, wakes: feed.wakes },
    page,
    taken,
    bad,
    isFirst,
    pass,
    isHeard,
    now,
  }
  const change = await toChange(tx, { ...step, missing: countMissing(step) })
  await updateFeed(tx, { ...key, now }, change)
  return lockFeed(tx, key)
}

/** What a pass is chosen by. */
export function standingOf({ kind, watermark, reconciled_at, completed_at }: ReadableFeed) {
  return { kind, watermark, reconciledAt: reconciled_at, completedAt: completed_at }
}

async function isHeardRepository(tx: Db, held: FeedRow): Promise<boolean> {
  const { organization_id: organizationId, connection_id: connectionId, repository_id: repositoryId } = held
  return repositoryId !== null && (await hasHealthyWebhook(tx, { organizationId, connectionId, repositoryId }))
}

type Step = {
  feed: ReadableFeed
  page: Page<unknown>
  taken: Taken
  /** Bad records nobody knew of. */
  bad: number
  isFirst: boolean
  pass: FeedPass
  isHeard: boolean
  now: Date
}
type Judged = Step & { missing: number }

/** Records that were news although everything up to their time was said to be known. */
function countMissing({ feed, taken, isHeard, now }: Step): number {
  const knownUntil = isHeard ? now.getTime() - onItsWayMs : (feed.completed_at?.getTime() ?? 0) - overlapMs
  return taken.news.filter(({ time }) => time !== null && time.getTime() < knownUntil).length
}

async function toChange(tx: Db, step: Judged) {
  const { feed, page, taken, pass, missing, isFirst } = step
  const isOwn = feed.is_by_pull_request && !isFirst
  const next = page.next ?? (isOwn ? await findNextOwn(tx, { feed, pass }) : undefined)
  const isOver = endsPass({
    // The history of one pull request after the other is in no order.
    pass: isOwn ? 'full' : pass,
    times: taken.times,
    watermark: feed.watermark,
    missing,
    hasNext: next !== undefined,
  })
  const counted = await count(tx, step)
  if (!isOver) return { ...counted, state: 'reading' as const, cursor: next ?? null }
  return { ...counted, ...(await endOfPass(tx, { ...step, reached: reachedBy(step) })) }
}

async function count(tx: Db, { feed, taken, page, isFirst, pass, now, missing, bad }: Judged) {
  return {
    pass,
    pages_read: isFirst ? 1 : feed.pages_read + 1,
    records_read: feed.records_read + (pass === 'full' ? taken.records : taken.news.length),
    records_bad: feed.records_bad + bad,
    ...(isFirst && {
      pages_expected: await expectPages(tx, { feed, page, pass }),
      pass_started_at: now,
      next_watermark: newest(taken.times) ?? feed.watermark,
      wakes_seen: feed.wakes,
      is_by_pull_request: false,
    }),
    ...(pass === 'reconcile' && { reconciled_missing: (isFirst ? 0 : (feed.reconciled_missing ?? 0)) + missing }),
    missing_scope: null,
    refused_version: null,
    error: null,
    attempts: 0,
  }
}

function newest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())))
}

type Expecting = { feed: ReadableFeed; page: Page<unknown>; pass: FeedPass }

/** By the listing's own size; the activity has none, and is guessed by what its pull requests say. */
async function expectPages(tx: Db, { feed, page, pass }: Expecting): Promise<number | null> {
  if (pass !== 'full') return null
  const { organization_id: organizationId, repository_id: repositoryId, kind } = feed
  const records =
    kind === 'activity' && repositoryId !== null
      ? await estimateActivity(tx, { organizationId, repositoryId })
      : page.size
  return records === undefined ? null : Math.max(1, Math.ceil(records / recordsPerPage[kind]))
}

function reachedBy({ feed, taken, isFirst }: Step): Date | null {
  return isFirst ? (newest(taken.times) ?? feed.watermark) : feed.next_watermark
}

async function endOfPass(tx: Db, { feed, pass, now, isHeard, isFirst, reached }: Judged & { reached: Date | null }) {
  const unfinished = await findUnfinishedSince(tx, { feed, now })
  const watermark = reached ?? new Date(now.getTime() - overlapMs)
  return {
    pages_expected: isFirst ? 1 : feed.pages_read + 1,
    state: 'fresh' as const,
    cursor: null,
    watermark: unfinished !== null && unfinished < watermark ? unfinished : watermark,
    next_watermark: null,
    completed_at: now,
    next_attempt_at: new Date(now.getTime() + nextLookMs(feed.kind, { isHeard, isRunning: unfinished !== null })),
    ...(pass !== 'increment' && { reconciled_at: now }),
  }
}
