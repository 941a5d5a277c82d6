import type { ReadFeed, Reading } from '../../../../contract/delivery/reading.ts'
import { requestsLeft } from '../../../domain/request-budget.ts'
import { forecastReading } from '../../../domain/send-forecast.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { listBadRecords } from '../../../store/delivery/raw-pages.ts'
import {
  countReadRepositories,
  type FeedOfRepository,
  type FeedTotals,
  listFeedsOfRepositories,
  sumFeeds,
} from '../../../store/delivery/reading-progress.ts'
import { type ConnectionKey, findConnection } from '../../../store/remotes/connections.ts'
import { remainingPauseMs } from '../../../store/remotes/pause.ts'
import { countSpentByWebhooks, listSpentWindows } from '../../../store/remotes/request-windows.ts'

type Deps = { db: Db; clock: Clock }

const shownAtMost = 100

/** How far a connection is read, what it cost and what it lacks. Throws `not_found`. */
export async function getReading({ db, clock }: Deps, key: ConnectionKey): Promise<Reading> {
  const connection = await findConnection(db, key)
  if (connection === undefined) throw new AppError('not_found', 'There is no such connection.')
  const now = clock()
  const totals = await sumFeeds(db, { ...key, now })
  const repositories = await countReadRepositories(db, key)
  const windows = await listSpentWindows(db, { ...key, now })
  const eventsPerHour = await countSpentByWebhooks(db, { ...key, now })
  const remaining = Math.ceil(countRemaining(totals))
  const notBefore = new Date(now.getTime() + remainingPauseMs(connection.paused_until, now))
  const canRead = (connection.state === 'active' || connection.state === 'limited') && connection.probe_at === null
  const doneAt =
    canRead && remaining > 0 ? forecastReading({ requests: remaining, windows, eventsPerHour, now, notBefore }) : null
  return {
    repositories: repositories.all,
    repositories_read: repositories.read,
    feeds: countStates(totals),
    records: sum(totals, ({ records }) => records),
    bad_records: sum(totals, ({ bad }) => bad),
    requests: sum(totals, ({ requests }) => requests),
    requests_remaining: remaining,
    requests_per_hour: requestsLeft('collect', 0),
    done_at: doneAt?.toISOString() ?? null,
    missing_scopes: toMissingScopes(totals),
    items: toItems(await listFeedsOfRepositories(db, { ...key, limit: shownAtMost })),
  }
}

/** Records of a connection that could not be understood. Throws `not_found`. */
export async function getBadRecords({ db }: Pick<Deps, 'db'>, key: ConnectionKey) {
  if ((await findConnection(db, key)) === undefined) throw new AppError('not_found', 'There is no such connection.')
  const rows = await listBadRecords(db, { ...key, limit: shownAtMost })
  return {
    items: rows.map(({ workspace_slug: workspace, slug, seen_at: seenAt, ...row }) => ({
      ...row,
      repository: workspace === null || slug === null ? null : `${workspace}/${slug}`,
      seen_at: seenAt.toISOString(),
    })),
  }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

/** What was never begun is taken for as long as its like was elsewhere. */
function countRemaining(totals: readonly FeedTotals[]): number {
  const byKind = Map.groupBy(totals, ({ kind }) => kind)
  return sum([...byKind.values()], (group) => {
    const known = group.flatMap(({ average_pages: pages }) => pages ?? [])
    const average = known.length === 0 ? 1 : Math.max(1, sum(known, (one) => one) / known.length)
    return sum(group, ({ pages_left, unknown }) => pages_left + unknown * average)
  })
}

function countStates(totals: readonly FeedTotals[]): Reading['feeds'] {
  const counts = { waiting: 0, reading: 0, fresh: 0, forbidden: 0, failed: 0, off: 0 }
  for (const { state, feeds } of totals) counts[state] += feeds
  return counts
}

function toMissingScopes(totals: readonly FeedTotals[]): Reading['missing_scopes'] {
  const refused = totals.filter(({ state, missing_scope: scope }) => state === 'forbidden' && scope !== null)
  return [...Map.groupBy(refused, ({ missing_scope: scope }) => scope ?? '')].map(([scope, group]) => ({
    scope,
    kinds: [...new Set(group.map(({ kind }) => kind))],
    feeds: sum(group, ({ feeds }) => feeds),
  }))
}

function toItems(rows: readonly FeedOfRepository[]): Reading['items'] {
  return [...Map.groupBy(rows, ({ repository_id: id }) => id)].map(([id, feeds]) => {
    const [first] = feeds
    const repository = id === null ? null : { id, full_name: first?.full_name ?? '', web_url: first?.web_url ?? '' }
    return { repository, feeds: feeds.map(toFeed) }
  })
}

function toFeed(row: FeedOfRepository): ReadFeed {
  return {
    kind: row.kind,
    state: row.state,
    pass: row.pass,
    pages_read: row.pages_read,
    pages_expected: row.pages_expected,
    records: row.records_read,
    bad_records: row.records_bad,
    requests: row.requests_spent,
    missing_scope: row.missing_scope,
    error: row.error,
    is_by_pull_request: row.is_by_pull_request,
    completed_at: row.completed_at?.toISOString() ?? null,
    next_look_at: new Date(row.next_attempt_at).toISOString(),
    reconciled_at: row.reconciled_at?.toISOString() ?? null,
    reconciled_missing: row.reconciled_missing,
    clone: row.clone,
  }
}
