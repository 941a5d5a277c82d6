import type { RequestLane, RequestNeed } from '../../domain/request-budget.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { findRepository, type RepositoryRow } from '../../store/remotes/repositories.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { getTracker } from '../../trackers/registry.ts'
import type {
  BitbucketTracker,
  ItemRef,
  JiraTracker,
  OpenTracker,
  Remember,
  Tracker,
  TrackerAction,
} from '../../trackers/tracker.ts'
import type { SyncDeps } from './sync-deps.ts'

/** What reaching a tracker needs. */
export type TrackerDeps = Pick<SyncDeps, 'db' | 'clock' | 'connect' | 'connectJira' | 'remember'>

type Place = Pick<DefectRow, 'organization_id' | 'tracker' | 'connection_id' | 'repository_id'>
/** `action`: what is about to be done; it is not begun unless the hour has requests for all of it. */
type Opening = {
  place: Place
  lane: RequestLane
  settings?: unknown
  action?: TrackerAction
  /** That of the place, where it was read a moment ago. */
  repository?: RepositoryRow | undefined
}

/** The tracker of a defect, at the place it is for, with its connection's credential. */
export async function openTracker(
  deps: TrackerDeps,
  opening: Opening,
): Promise<{ tracker: Tracker; open: OpenTracker }> {
  const tracker = getTracker(opening.place.tracker)
  switch (tracker.connectionKind) {
    case 'bitbucket':
      return { tracker, open: await openInRepository(deps, tracker, opening) }
    case 'jira':
      return { tracker, open: await openOnSite(deps, tracker, opening) }
    default:
      return tracker satisfies never
  }
}

async function openInRepository(
  deps: TrackerDeps,
  tracker: BitbucketTracker,
  { place, lane, settings, action, repository: known }: Opening,
): Promise<OpenTracker> {
  const organizationId = place.organization_id
  const repository = known?.id === place.repository_id ? known : await findPlace(deps.db, place)
  if (repository === undefined) throw new AppError('not_found', 'The repository of this item is not known any more.')
  // A repository that moved to another connection is reached through that one.
  const key = { organizationId, connectionId: repository.connection_id }
  const { client, connection } = await deps.connect({ ...key, needs: needsOf(tracker, lane, action) })
  return tracker.open({
    client,
    repository: {
      remoteUuid: repository.remote_uuid,
      workspaceUuid: repository.workspace_uuid,
      mainBranch: repository.main_branch,
      hasIssues: repository.has_issues && connection.has_issues,
    },
    settings: settings ?? {},
    lane,
    remember: rememberFor(deps, key),
  })
}

async function findPlace(db: Db, { organization_id: organizationId, repository_id: repositoryId }: Place) {
  return repositoryId === null ? undefined : findRepository(db, { organizationId, repositoryId })
}

async function openOnSite(
  deps: TrackerDeps,
  tracker: JiraTracker,
  { place, lane, settings, action }: Opening,
): Promise<OpenTracker> {
  const key = { organizationId: place.organization_id, connectionId: place.connection_id }
  const { client, connection } = await deps.connectJira({ ...key, needs: needsOf(tracker, lane, action) })
  return tracker.open({
    client,
    siteUrl: connection.web_url,
    clock: deps.clock,
    settings: settings ?? {},
    lane,
    remember: rememberFor(deps, key),
  })
}

function needsOf(tracker: Tracker, lane: RequestLane, action: TrackerAction | undefined): RequestNeed | undefined {
  return action === undefined ? undefined : { lane, requests: tracker.requests[action] }
}

function rememberFor(deps: TrackerDeps, { organizationId, connectionId }: ConnectionKey): Remember {
  return (key, ask) => deps.remember(`${organizationId}:${connectionId}:${key}`, ask)
}

/** Address of a defect's item. Throws when the item was never made: callers ask first. */
export function itemRef(defect: DefectRow): ItemRef {
  if (defect.remote_id === null) throw new Error(`Defect ${defect.id} has no item yet.`)
  return { remoteId: defect.remote_id, remote: defect.remote }
}
