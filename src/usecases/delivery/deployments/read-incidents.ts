import { type PlaceableRepository, placeIncident } from '../../../domain/delivery/deployments/place-incident.ts'
import { type IncidentIssue, type IncidentPage, searchIncidentIssues } from '../../../jira/readers/incident-issues.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Log } from '../../../lib/log.ts'
import type { Db } from '../../../store/db.ts'
import {
  type DueFilter,
  deleteReadIncidents,
  listPlaceableRepositories,
  type ReadIncident,
  takeDueFilter,
  updateFilter,
  writeReadIncidents,
} from '../../../store/delivery/deployments/incident-filters.ts'
import type { OpenInput, OpenJiraConnection } from '../../remotes/open-connection.ts'

export type IncidentDeps = {
  db: Db
  clock: Clock
  newId: NewId
  log: Log
  connectJira: (input: OpenInput) => Promise<OpenJiraConnection>
}

/** A read that is under way is not begun again. */
const leaseMs = 30 * 60_000
const againMs = 5 * 60_000
const latestRetryMs = 6 * 3600_000
/** What fits the filter no more is found by reading all of it. */
const fullEveryMs = 24 * 3600_000
const unplacedShown = 20

/** Reads the incidents of the filter that has waited longest, if one is due. Answers whether one was. */
export async function readDueIncidents(deps: IncidentDeps): Promise<boolean> {
  const now = deps.clock()
  const filter = await takeDueFilter(deps.db, { now, until: new Date(now.getTime() + leaseMs) })
  if (filter === undefined) return false
  try {
    await readFilter(deps, filter, now)
  } catch (error) {
    if (!isAppError(error)) throw error
    const asked = error.meta?.['retry_after_s']
    const backOffMs = Math.min(latestRetryMs, againMs * 2 ** Math.min(filter.attempts, 10))
    const waitMs = typeof asked === 'number' ? asked * 1000 : backOffMs
    // A full hour of requests is no failure: it goes on when there are some again.
    const isFailure = error.code !== 'remote_rate_limited'
    deps.log.warn({ connectionId: filter.connectionId, code: error.code }, 'incidents could not be read')
    await updateFilter(deps.db, filter, {
      ...(isFailure && { error: error.detail, attempts: filter.attempts + 1 }),
      next_read_at: new Date(deps.clock().getTime() + waitMs),
    })
  }
  return true
}

type Unplaced = { count: number; keys: string[] }

async function readFilter(deps: IncidentDeps, filter: DueFilter, startedAt: Date): Promise<void> {
  const { organizationId, connectionId } = filter
  const { connection, client } = await deps.connectJira({ organizationId, connectionId })
  const isFull =
    filter.fullReadAt === null || startedAt.getTime() - filter.fullReadAt.getTime() >= fullEveryMs || !filter.readUntil
  const repositories = await listPlaceableRepositories(deps.db, { organizationId })
  const unplaced: Unplaced = { count: 0, keys: [] }
  const search = { jql: toSearch(filter, isFull ? null : startedAt), placeField: filter.repositoryField }
  for await (const page of searchIncidentIssues(client, { ...search, lane: 'collect' }))
    await takePage(deps, filter, { page, repositories, webUrl: connection.web_url, unplaced })
  const done = {
    read_until: startedAt,
    read_at: deps.clock(),
    next_read_at: new Date(startedAt.getTime() + againMs),
    attempts: 0,
    error: null,
    // An increment tells of what changed alone; how many there are in all, the full one says.
    ...(isFull && { full_read_at: startedAt, unplaced: unplaced.count, unplaced_keys: unplaced.keys }),
  }
  const isSame = await updateFilter(deps.db, filter, done)
  if (isFull && isSame) await deleteReadIncidents(deps.db, { organizationId, connectionId, before: startedAt })
}

/** Counted back from Jira's own now: a date would be read in the time zone of the account, and by its clock. */
function toSearch({ jql, readUntil }: DueFilter, now: Date | null): string {
  const minutes = readUntil === null || now === null ? 0 : Math.ceil((now.getTime() - readUntil.getTime()) / 60_000) + 2
  const since = minutes === 0 ? '' : ` AND updated >= "-${minutes}m"`
  return `(${jql})${since} ORDER BY updated ASC`
}

type Taking = {
  page: IncidentPage
  repositories: readonly PlaceableRepository[]
  webUrl: string
  unplaced: Unplaced
}

async function takePage(deps: IncidentDeps, filter: DueFilter, taking: Taking): Promise<void> {
  const { page, repositories, webUrl, unplaced } = taking
  const incidents: ReadIncident[] = []
  const gone: string[] = []
  for (const issue of page.issues) {
    const place = placeIncident({ ...issue, field: issue.places }, repositories) ?? filter.defaultRepositoryId
    if (place === null) gone.push(keyOf(filter, issue))
    else incidents.push(toIncident(deps, issue, { repository_id: place, key: keyOf(filter, issue), webUrl }))
    if (place === null) noteUnplaced(unplaced, issue.key)
  }
  for (const key of page.unread) noteUnplaced(unplaced, key)
  const { organizationId, connectionId } = filter
  const now = deps.clock()
  await deps.db
    .transaction()
    .execute((tx) => writeReadIncidents(tx, { organizationId, connectionId, now }, { incidents, gone }))
}

/** Issues have ids that stay when their keys change; two sites may have the same. */
function keyOf({ connectionId }: DueFilter, { id }: IncidentIssue): string {
  return `jira:${connectionId}:${id}`
}

function toIncident(
  { newId }: IncidentDeps,
  { key: name, summary, priority, createdAt, resolvedAt }: IncidentIssue,
  { webUrl, ...place }: { repository_id: string; key: string; webUrl: string },
): ReadIncident {
  return {
    id: newId(),
    ...place,
    title: `${name} ${summary}`.trim().slice(0, 300),
    severity: priority?.slice(0, 50) ?? null,
    web_url: `${webUrl}/browse/${encodeURIComponent(name)}`,
    began_at: createdAt,
    resolved_at: resolvedAt,
  }
}

function noteUnplaced(unplaced: Unplaced, key: string): void {
  unplaced.count += 1
  if (unplaced.keys.length < unplacedShown) unplaced.keys.push(key.slice(0, 100))
}
