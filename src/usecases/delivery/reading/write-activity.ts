import type { ActivityEntry, EventEntry } from '../../../bitbucket/readers/activity.ts'
import type { Db } from '../../../store/db.ts'
import { type SeenEvent, settleClosings, upsertEvents } from '../../../store/delivery/pull-request-events.ts'
import { insertHeardPullRequests, listKnownPullRequests } from '../../../store/delivery/pull-requests.ts'
import { knowAccounts, type Writing, type Written } from './write-records.ts'

/** The head a pull request was opened with is no push: its update and its opening differ by less, in milliseconds. */
const openingMs = 1000

/** What happened to pull requests, each thing once; those that no listing showed yet are noted by their numbers. */
export async function writeActivity(tx: Db, writing: Writing, entries: readonly ActivityEntry[]): Promise<Written> {
  const { organizationId } = writing
  const known = await ensurePullRequests(tx, writing, entries)
  const idOf = await knowAccounts(
    tx,
    writing,
    entries.flatMap(({ events }) => events.map(({ account }) => account)),
  )
  const once = new Map<string, { seen: SeenEvent; recordKey: string }>()
  for (const { pullRequestId: number, events, key: recordKey } of entries) {
    const pullRequest = known.get(number)
    if (pullRequest === undefined) continue
    for (const event of events) {
      if (isOpeningHead(event, pullRequest.openedAt)) continue
      const name = `${number} ${event.kind} ${event.key}`
      const before = once.get(name)
      if (before !== undefined && before.seen.at <= event.at) continue
      const { account, ...rest } = event
      once.set(name, { seen: { ...rest, pullRequestId: pullRequest.id, contributorId: idOf(account) }, recordKey })
    }
  }
  const told = [...once.values()]
  const news = await upsertEvents(
    tx,
    organizationId,
    told.map(({ seen }) => seen),
  )
  await settleClosings(tx, { organizationId, pullRequestIds: [...new Set(news.map((one) => one.pullRequestId))] })
  const names = new Set(news.map(nameOf))
  return new Set(told.filter(({ seen }) => names.has(nameOf(seen))).map(({ recordKey }) => recordKey))
}

function nameOf({ pullRequestId, kind, key }: { pullRequestId: string; kind: string; key: string }): string {
  return `${pullRequestId} ${kind} ${key}`
}

function isOpeningHead(event: EventEntry, openedAt: Date): boolean {
  return event.kind === 'commit_pushed' && event.at.getTime() - openedAt.getTime() <= openingMs
}

async function ensurePullRequests(tx: Db, writing: Writing, entries: readonly ActivityEntry[]) {
  const { organizationId, repositoryId, newId, at: now } = writing
  const remoteIds = [...new Set(entries.map(({ pullRequestId }) => pullRequestId))]
  const known = await listKnownPullRequests(tx, { organizationId, repositoryId, remoteIds })
  const unknown = remoteIds.filter((remoteId) => !known.has(remoteId))
  if (unknown.length === 0) return known
  const heard = unknown.flatMap((remoteId) => {
    const told = entries.filter((entry) => entry.pullRequestId === remoteId)
    const [first] = told
    const times = told.flatMap(({ at }) => (at === null ? [] : [at.getTime()]))
    if (first === undefined) return []
    const at = times.length === 0 ? now : new Date(Math.min(...times))
    return [{ id: newId(), remoteId, title: first.title, webUrl: first.webUrl, at }]
  })
  await insertHeardPullRequests(tx, { organizationId, repositoryId, now }, heard)
  return listKnownPullRequests(tx, { organizationId, repositoryId, remoteIds })
}
